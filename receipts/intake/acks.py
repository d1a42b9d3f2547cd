"""How long acknowledging took, by channel and hour: counted here, kept in a table.

The answer's own time, with the wait for the database or the spool in it: what stands
on a callback ends before its insert. Counts wait in memory while the database is away.
"""

import threading
from collections.abc import Callable
from datetime import datetime

import msgspec
from django.db import DatabaseError
from django.utils import timezone

from receipts.processing.json_rows import as_json, recordset, run

_HOURS = 5_000  # rows that wait: channels times hours; then the newest are left out

_ADD = (
    "INSERT INTO receipts_ackhour AS a "
    "(hour, channel_id, n, over_50, over_80, over_100, slowest_ms) SELECT x.* FROM "
    + recordset(
        "hour timestamptz, channel_id bigint, n bigint, over_50 bigint, "
        "over_80 bigint, over_100 bigint, slowest_ms double precision"
    )
    + " ORDER BY 1, 2 ON CONFLICT (hour, channel_id) DO UPDATE SET n = a.n + excluded.n, "
    "over_50 = a.over_50 + excluded.over_50, over_80 = a.over_80 + excluded.over_80, "
    "over_100 = a.over_100 + excluded.over_100, "
    "slowest_ms = greatest(a.slowest_ms, excluded.slowest_ms)"
)


class Took(msgspec.Struct, kw_only=True):
    """Acknowledgements of one channel and hour."""

    hour: datetime
    channel_id: int
    n: int = 0
    over_50: int = 0
    over_80: int = 0
    over_100: int = 0
    slowest_ms: float = 0.0

    def add(self, other: "Took") -> None:
        """Take in what was counted elsewhere."""
        self.n += other.n
        self.over_50 += other.over_50
        self.over_80 += other.over_80
        self.over_100 += other.over_100
        self.slowest_ms = max(self.slowest_ms, other.slowest_ms)


class Acks:
    """Counts of this process; ``flush`` writes them, and keeps what it cannot write."""

    def __init__(self, now: Callable[[], datetime] = timezone.now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._counted: dict[tuple[datetime, int], Took] = {}

    def took(self, channel_id: int, ms: float, passed: int) -> None:
        """Count one; ``passed`` is how many of 50, 80 and 100 % it took longer than."""
        one = Took(
            hour=self._now().replace(minute=0, second=0, microsecond=0),
            channel_id=channel_id,
            n=1,
            over_50=int(passed > 0),
            over_80=int(passed > 1),
            over_100=int(passed > 2),
            slowest_ms=ms,
        )
        self._take([one])

    def flush(self) -> None:
        """Write what was counted since the last time. Raises ``DatabaseError``."""
        with self._lock:
            counted, self._counted = self._counted, {}
        try:
            if counted:
                run(_ADD, as_json(list(counted.values())))
        except DatabaseError:
            self._take(list(counted.values()))
            raise

    def _take(self, rows: list[Took]) -> None:
        with self._lock:
            for row in rows:
                known = self._counted.get((row.hour, row.channel_id))
                if known is not None:
                    known.add(row)
                elif len(self._counted) < _HOURS:
                    self._counted[row.hour, row.channel_id] = row


acks = Acks()
