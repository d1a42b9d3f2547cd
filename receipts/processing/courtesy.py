"""Drains give way to the door: a lower priority, and rests while acks are slow.

PostgreSQL does more of a drain's work than we do. Where it is on this machine, and ours
to tell, what it does for us gets our priority; where not, rests must be enough. While
some acks take long a drain rests for as long as it worked; while they are slow, whole.

Whoever pushes waits some seconds and then gives up; a receipt in the backlog can wait.
"""

import os
import time
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

import structlog
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from receipts.metering import files
from receipts.metering.catalogue import ACK

_NICER_BY = 10
_LOOK_EVERY_S = 0.25
_FORGET_S = 1.5  # the door writes down what it counts twice a second
# A rest before each batch at most: with slow acks for ever, the backlog still shrinks.
_REST_AT_MOST_S = 2.0

log = structlog.get_logger(__name__)


class Acks(IntEnum):
    """How this host's door acknowledges: what more than one ack in a hundred exceeds."""

    FINE = 0
    LONG = 1
    SLOW = 2


# Seconds; each is a bound of the histogram of acks.
BOUNDS = {Acks.LONG: 0.25, Acks.SLOW: 0.5}


def lower_priority() -> None:
    """Let every other process of this machine go first; for one that only drains.

    So does what PostgreSQL does for the connections that this process opens from now on.
    """
    with suppress(OSError):
        os.nice(_NICER_BY)
    connection_created.connect(_lower_server)


def _lower_server(connection: BaseDatabaseWrapper, **_: object) -> None:
    server = connection.connection.info
    # One that serves on another machine may have the number of anything here, and one
    # of another account is not ours to tell.
    with suppress(OSError):
        title = Path(f"/proc/{server.backend_pid}/cmdline").read_text(errors="replace")
        if f" {server.user} {server.dbname} [local]" in title:
            ours = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, server.backend_pid, ours)


class Pace:
    """How fast this host's door acknowledges, by what its processes count."""

    def __init__(self) -> None:
        self._seen: list[float] = []
        self._looked_at = self._news_at = float("-inf")
        self._found = Acks.FINE

    def acks(self) -> Acks:
        """Return how those acks were that the door wrote down last."""
        if time.monotonic() - self._looked_at >= _LOOK_EVERY_S:
            self._look()
        return self._found

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        seen = _buckets(Path(settings.METRICS_DIR))
        before = self._seen or seen
        fresh = [max(0.0, now - then) for now, then in zip(seen, before, strict=True)]
        if any(fresh):
            self._found, self._news_at = _judge(fresh), self._looked_at
        elif self._looked_at - self._news_at > _FORGET_S:
            self._found = Acks.FINE
        self._seen = seen


def _buckets(folder: Path) -> list[float]:
    """Return how many acks this host ever counted, by bucket."""
    width = len(ACK.bounds) + 1
    rows = (row for counts in files.read(folder) for row in counts.rows)
    acks = [row.values[:-1] for row in rows if row.name == ACK.name]
    # A release before this one may have had other buckets.
    like = [values for values in acks if len(values) == width]
    return [sum(values[at] for values in like) for at in range(width)]


def _judge(buckets: list[float]) -> Acks:
    found = Acks.FINE
    for acks, bound in BOUNDS.items():
        over = sum(buckets[ACK.bounds.index(bound) + 1 :])
        if over * 100 > sum(buckets):
            found = acks
    return found


_pace = Pace()


def give_way(ends_at: float, *, worked_s: float = 0.0) -> None:
    """Rest while acks are slow, two seconds at most and not beyond ``ends_at``.

    While they take long, for as long as the last batch took: ``worked_s``.
    """
    until = min(ends_at, time.monotonic() + _REST_AT_MOST_S)
    if _pace.acks() is Acks.LONG:
        time.sleep(max(0.0, min(worked_s, until - time.monotonic())))
    if _pace.acks() is Acks.SLOW and time.monotonic() < until:
        log.info("drain_rests", reason="acknowledgements are slow")
        while _pace.acks() is Acks.SLOW and (left := until - time.monotonic()) > 0:
            time.sleep(min(0.25, left))
