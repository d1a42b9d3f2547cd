"""The one thread of a process that writes to the spool.

Requests wait for it no longer than they may, even for a disk that hangs, and those
who wait at the same time share one sync.
"""

import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue

import msgspec
import structlog

from receipts.spool.folder import Full, SpoolError, Unwritable
from receipts.spool.store import Spool, spool

log = structlog.get_logger(__name__)

_BATCH = 64
_BATCH_BYTES = 8 * 1024 * 1024
# What is in SQLite's log only is lost by one flipped bit in it, if all are killed.
_SETTLE_AFTER_S = 0.5


class _Wanted(msgspec.Struct, frozen=True):
    contents: list[bytes]
    done: "Future[None]"


class Writer:
    """The thread, and the line before it."""

    def __init__(self) -> None:
        self._line: SimpleQueue[_Wanted] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._unsettled: dict[Spool, float] = {}  # since when, of the monotonic clock

    def write(self, contents: list[bytes], *, for_seconds: float) -> None:
        """Have rows written and synced; returns when they are safe.

        Raises ``SpoolError``; after it the rows may have been written all the same.
        """
        done: Future[None] = Future()
        self._line.put(_Wanted(contents, done))
        self._ensure()
        try:
            done.result(max(0.0, for_seconds))
        except TimeoutError:
            done.cancel()
            raise Unwritable("the spool did not answer in time") from None

    def _ensure(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._write_for_ever, name="spool", daemon=True
                )
                self._thread.start()

    def _write_for_ever(self) -> None:
        while True:
            batch = self._next_batch()
            if batch:
                self._write(spool(), batch)
            self._settle()

    def _next_batch(self) -> list[_Wanted]:
        """Wait for the next and take with it who waits by now; none if all is quiet."""
        batch: list[_Wanted] = []
        size = 0
        with suppress(Empty):
            batch.append(self._line.get(timeout=self._patience()))
            while len(batch) < _BATCH and size < _BATCH_BYTES:
                size += sum(map(len, batch[-1].contents))
                batch.append(self._line.get_nowait())
        # Who has given up was not told that it is safe: it need not be.
        return [one for one in batch if one.done.set_running_or_notify_cancel()]

    def _write(self, here: Spool, batch: list[_Wanted]) -> None:
        try:
            here.add([content for one in batch for content in one.contents])
        except Full:
            self._write_alone(here, batch)
        except Exception as exc:  # whatever it is, somebody waits for an answer
            for one in batch:
                one.done.set_exception(_again(exc))
        else:
            for one in batch:
                one.done.set_result(None)
            self._unsettled.setdefault(here, time.monotonic())

    def _write_alone(self, here: Spool, batch: list[_Wanted]) -> None:
        """Write one by one: where a large callback has no room a small one may."""
        if len(batch) == 1:
            batch[0].done.set_exception(Full("the spool is full"))
            return
        for one in batch:
            self._write(here, [one])

    def _patience(self) -> float | None:
        if not self._unsettled:
            return None
        due = min(self._unsettled.values()) + _SETTLE_AFTER_S
        return max(0.001, due - time.monotonic())

    def _settle(self) -> None:
        for here, since in list(self._unsettled.items()):
            if time.monotonic() >= since + _SETTLE_AFTER_S:
                del self._unsettled[here]
                try:
                    here.current().settle()
                except SpoolError as exc:
                    log.warning("spool_not_settled", reason=str(exc))


def _again(exc: Exception) -> SpoolError:
    """Return a fresh exception for each who waits: tracebacks grow on a shared one."""
    return type(exc)(str(exc)) if isinstance(exc, SpoolError) else Unwritable(repr(exc))


_writer = Writer()


def write(contents: list[bytes], *, for_seconds: float) -> None:
    """Have rows written to the spool of ``SPOOL_DIR``. Raises ``SpoolError``."""
    _writer.write(contents, for_seconds=for_seconds)
