"""How long this thread waits for the database, and connections that keep to it.

No time-out of the server fires while the server itself is frozen, and libpq gives a
connection two seconds at least. psycopg waits for the socket in slices, so the end
lies here: when it comes, the connection is closed and the waiting thread is free. What
the server then does with the statement nobody knows: it may be committed after all.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.errors import Diagnostic, _WaitTimeout

T = TypeVar("T")
_SLICE_S = 0.1  # psycopg's own


class TookTooLong(OperationalError):
    """The database did not answer within the time it was given."""


class NotReplicated(OperationalError):
    """Committed here, but the wait for the standby was cancelled: it may be undone."""


class _Patience(threading.local):
    until: float | None = None  # of the monotonic clock; None for ever


_patience = _Patience()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give all waiting for the database in this block ``seconds`` in sum.

    Then ``TookTooLong`` is raised and the connection is closed; Django shows it as the
    cause of its own ``OperationalError``.
    """
    before = _patience.until
    until = time.monotonic() + seconds
    _patience.until = until if before is None else min(before, until)
    try:
        yield
    finally:
        _patience.until = before


class PatientConnection(Connection[Any]):
    """A connection that waits no longer than its thread may."""

    is_in_doubt = False  # the last commit may not be on the standby

    @cached_property
    def prepared(self) -> set[bytes]:
        """Which statements of ``Prepared`` this connection has prepared."""
        return set()

    def wait(
        self, gen: PQGen[T], interval: float = _SLICE_S, timeout: float | None = None
    ) -> T:
        """Wait as psycopg does, but not beyond the end that ``within`` has set."""
        until = _patience.until
        if until is not None:
            timeout = max(0.0, until - time.monotonic())
        try:
            answer = super().wait(gen, interval, timeout)
        except _WaitTimeout:
            if until is None:
                raise
            self.close()
            raise TookTooLong("the database did not answer in time") from None
        if self.is_in_doubt:
            self.is_in_doubt = False
            raise NotReplicated("the standby may not have what was committed")
        return answer

    def note(self, notice: Diagnostic) -> None:
        """Look out for the warning that a commit was not replicated.

        It comes with success, and nothing but its source tells it in every language.
        """
        if notice.source_function == "SyncRepWaitForLSN":
            self.is_in_doubt = True


def connect(params: dict[str, Any]) -> PatientConnection:
    """Open a connection, no longer than the thread may wait.

    With an end in sight a helper thread opens it: names are looked up in code that
    nobody can interrupt. One that comes too late is closed again.
    """
    if _patience.until is None:
        return _open(params)
    opening: Future[PatientConnection] = Future()
    threading.Thread(
        target=_open_for, args=(opening, params), name="connect", daemon=True
    ).start()
    try:
        return opening.result(max(0.0, _patience.until - time.monotonic()))
    except TimeoutError:
        if opening.cancel():
            raise TookTooLong("the database took no connection in time") from None
        return opening.result()


def _open(params: dict[str, Any]) -> PatientConnection:
    opened = PatientConnection.connect(**params)
    opened.add_notice_handler(opened.note)
    return opened


def _open_for(opening: "Future[PatientConnection]", params: dict[str, Any]) -> None:
    try:
        opened = _open(params)
    except BaseException as exc:
        if opening.set_running_or_notify_cancel():
            opening.set_exception(exc)
        return
    if opening.set_running_or_notify_cancel():
        opening.set_result(opened)
    else:
        opened.close()
