"""Whether the spool can be written, and what is in it."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from django.utils import timezone

from receipts.spool import folder, writing
from receipts.spool.canary import NOTE
from receipts.spool.folder import Full, SpoolError
from receipts.spool.store import spool

_ANSWER_HOLDS_S = 5.0
_PATIENCE_S = 1.0
_ROOM = 1024 * 1024  # with less the next callback may not fit
_STUCK_AFTER = timedelta(minutes=10)
_CANARY_WITHIN = timedelta(hours=2, minutes=10)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the spool of this host."""

    folder: Path
    max_bytes: int
    rows: int = 0
    bytes: int = 0
    oldest_at: datetime | None = None
    canary_at: datetime | None = None  # when the last one came through
    aside: int = 0  # rows that cannot be loaded
    damaged_files: tuple[str, ...] = ()

    @property
    def is_stuck(self) -> bool:
        """Say whether something waits for longer than any load takes to begin."""
        return _age(self.oldest_at) > _STUCK_AFTER

    @property
    def is_canary_late(self) -> bool:
        """Say whether no canary came through for more than two hours."""
        return _age(self.canary_at) > _CANARY_WITHIN

    @property
    def is_nearly_full(self) -> bool:
        """Say whether half of the room is taken."""
        return self.bytes * 2 > self.max_bytes


def complaints(state: State) -> list[str]:
    """Return what somebody should look at, in words; nothing when all is well.

    No canary yet is none: a portal that was just started has sent none.
    """
    words = {
        "callbacks that wait for more than 10 minutes": state.is_stuck,
        "more than half full": state.is_nearly_full,
        "no canary for two hours": state.is_canary_late,
        "rows that cannot be loaded": state.aside > 0,
        "damaged files": bool(state.damaged_files),
    }
    return [word for word, is_so in words.items() if is_so]


def state() -> State:
    """Return what is in the spool. Raises ``SpoolError``."""
    here = spool()
    each = [file.contents() for file in here.files()]
    canaries = [file.noted_at(NOTE) or 0.0 for file in here.files()]
    oldest = [one.oldest_at for one in each if one.oldest_at is not None]
    damaged = folder.damaged_files(here.folder)
    return State(
        folder=here.folder,
        max_bytes=here.max_bytes,
        rows=sum(one.rows for one in each),
        bytes=sum(one.bytes for one in each),
        oldest_at=_moment(min(oldest, default=0.0)),
        canary_at=_moment(max(canaries, default=0.0)),
        aside=sum(one.aside for one in each),
        damaged_files=tuple(path.name for path in damaged),
    )


def waiting() -> int | None:
    """Return how many rows wait, None if the spool cannot be read."""
    try:
        return state().rows
    except SpoolError:
        return None


def _age(moment: datetime | None) -> timedelta:
    return timedelta() if moment is None else timezone.now() - moment


def _moment(unix: float) -> datetime | None:
    return datetime.fromtimestamp(unix, UTC) if unix else None


class _Check:
    """The last answer of this process; asking often costs nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answer = ""
        self._asked_at = float("-inf")

    def ask(self) -> str:
        with self._lock:
            if time.monotonic() - self._asked_at >= _ANSWER_HOLDS_S:
                self._answer = _write()
                self._asked_at = time.monotonic()
            return self._answer


def _write() -> str:
    here = spool()
    try:
        writing.write([], for_seconds=_PATIENCE_S)
        left = here.max_bytes - here.current().contents().bytes
    except Full:
        left = 0
    except SpoolError as exc:
        return f"unwritable: {exc}"
    return "ok" if left > min(_ROOM, here.max_bytes // 20) else "full"


check = _Check().ask
"""Return ``ok``, ``full`` or ``unwritable: <reason>``, at most 5 s old; waits 1 s."""
