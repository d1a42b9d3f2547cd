"""Drains give way to the door: a lower priority, and rests while acks are slow.

While some take long a drain rests for as long as it worked; while they are slow, whole.
PostgreSQL works for both at one priority, and should: one of its processes that hardly
gets the processor holds up all others by the locks of the write-ahead log.

Whoever pushes waits some seconds and then gives up; a receipt in the backlog can wait.
See docs/decisions/0017.
"""

import os
import random
import time
from collections import deque
from contextlib import suppress
from enum import Enum
from pathlib import Path

import structlog
from django.conf import settings

from receipts.metering import files
from receipts.metering.catalogue import ACK

_NICER_BY = 10
_TRIES = 20
_LOOK_EVERY_S = 0.25
_WINDOW_S = 0.75  # the door's processes write down what they count twice a second
_FORGET_S = 30.0  # longer than a batch takes: whoever drains looks between batches
# A rest before each batch at most: with slow acks for ever, the backlog still shrinks.
_REST_AT_MOST_S = 2.0

log = structlog.get_logger(__name__)


class Acks(Enum):
    """How this host's door acknowledges: what more than one ack in a hundred exceeds."""

    FINE = 0
    LONG = 1
    SLOW = 2


# Seconds, the worst last; each is a bound of the histogram of acks.
_BOUNDS = {Acks.LONG: 0.25, Acks.SLOW: 0.5}


def lower_priority() -> None:
    """Let every other process of this machine go first; for one that only drains."""
    with suppress(OSError):
        os.nice(_NICER_BY)


def lower_session() -> None:
    """Let every other session go first, when this process leads one that only drains.

    Linux may share the processor among sessions before it looks at who is nice within
    one (``sched_autogroup``); elsewhere there is no such file.
    """
    if os.getsid(0) != os.getpid():
        return
    for _ in range(_TRIES):
        try:
            Path("/proc/self/autogroup").write_text(str(_NICER_BY))
        except BlockingIOError:
            # Without privileges the whole machine may do so ten times a second.
            time.sleep(random.uniform(0.1, 0.3))  # noqa: S311  # no secret
        except OSError:
            return
        else:
            return
    log.warning("session_not_lowered")


class Pace:
    """How fast this host's door acknowledges, by what its processes count."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, list[float]]] = deque()
        self._found = Acks.FINE

    def acks(self) -> Acks:
        """Return how acks were lately, about a second."""
        now = time.monotonic()
        if not self._looks or now - self._looks[-1][0] >= _LOOK_EVERY_S:
            self._found = self._look(now)
        return self._found

    def _look(self, now: float) -> Acks:
        looks, seen = self._looks, _buckets(Path(settings.METRICS_DIR))
        while len(looks) > 1 and now - looks[1][0] > _WINDOW_S:
            looks.popleft()
        if looks and now - looks[0][0] > _FORGET_S:
            looks.clear()
        before = looks[0][1] if looks else seen
        fresh = [new - old for new, old in zip(seen, before, strict=True)]
        if min(fresh) < 0:
            # Counts of the gone are being summed, or were removed: begin anew.
            looks.clear()
            return Acks.FINE
        looks.append((now, seen))
        return _judge(fresh)


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
    for acks, bound in _BOUNDS.items():
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
