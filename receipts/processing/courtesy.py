"""Drains give way to the door: a lower priority, and rests while acks are slow.

While some take long a drain rests for as long as it worked; while they are slow, whole.
PostgreSQL works for both at one priority, so a low priority of ours is not enough.

Whoever pushes waits some seconds and then gives up; a receipt in the backlog can wait.
"""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import structlog
from django.conf import settings

from receipts.metering import files
from receipts.metering.catalogue import ACK

LONG_S, SLOW_S = 0.25, 0.5  # bounds of the histogram of acks
_NICER_BY = 10
_LOOK_EVERY_S = 0.5
# A rest before each batch at most: with slow acks for ever, the backlog still shrinks.
_REST_AT_MOST_S = 2.0

log = structlog.get_logger(__name__)


def lower_priority() -> None:
    """Let every other process of this machine go first; for one that only drains."""
    with suppress(OSError):
        os.nice(_NICER_BY)


class Pace:
    """How fast this host's door acknowledges, by what its processes count."""

    def __init__(self) -> None:
        self._seen = (0.0, 0.0, 0.0)
        self._looked_at = float("-inf")
        self._is_long = self._is_slow = False

    def is_long(self) -> bool:
        """Say whether more than one ack in a hundred took long since the last look."""
        self._look()
        return self._is_long

    def is_slow(self) -> bool:
        """Say whether more than one ack in a hundred was slow since the last look."""
        self._look()
        return self._is_slow

    def _look(self) -> None:
        if time.monotonic() - self._looked_at < _LOOK_EVERY_S:
            return
        is_first = self._looked_at == float("-inf")
        seen = _acks(Path(settings.METRICS_DIR))
        acks, long, slow = (
            now - before for now, before in zip(seen, self._seen, strict=True)
        )
        self._seen, self._looked_at = seen, time.monotonic()
        self._is_long = not is_first and long * 100 > acks > 0
        self._is_slow = not is_first and slow * 100 > acks > 0


def _acks(folder: Path) -> tuple[float, float, float]:
    """Return how many acks this host ever counted, how many took long, and were slow."""
    rows = (row for counts in files.read(folder) for row in counts.rows)
    buckets = [row.values[:-1] for row in rows if row.name == ACK.name]
    long, slow = (ACK.bounds.index(bound) + 1 for bound in (LONG_S, SLOW_S))
    return _sum(buckets, 0), _sum(buckets, long), _sum(buckets, slow)


def _sum(buckets: Iterable[list[float]], first: int) -> float:
    return sum(sum(values[first:]) for values in buckets)


_pace = Pace()


def give_way(ends_at: float, *, worked_s: float = 0.0) -> None:
    """Rest while acks are slow, two seconds at most and not beyond ``ends_at``.

    While they take long, for as long as the last batch took: ``worked_s``.
    """
    until = min(ends_at, time.monotonic() + _REST_AT_MOST_S)
    if _pace.is_long() and not _pace.is_slow():
        time.sleep(max(0.0, min(worked_s, until - time.monotonic())))
    if _pace.is_slow() and time.monotonic() < until:
        log.info("drain_rests", reason="acknowledgements are slow")
        while _pace.is_slow() and (left := until - time.monotonic()) > 0:
            time.sleep(min(0.25, left))
