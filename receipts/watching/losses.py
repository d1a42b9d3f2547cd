"""What a provider's retries bring of pushes that fell into gaps, and what is lost. Pure.

A push that was first tried in a gap is tried again after each of the provider's waits,
counted from the first try. It comes with the first try outside all gaps; where every
try falls into one, it is lost for certain.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from receipts.watching.windows import Window, Windows, common, joined, total, without


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """Pushes first tried in ``window`` come with retry ``number`` (1 is the first)."""

    number: int
    window: Window
    wait: timedelta

    @property
    def comes(self) -> Window:
        """When they come."""
        return self.window.moved(self.wait)


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the pushes of one gap, by when they were first tried."""

    lost: Windows
    returns: tuple[Return, ...]  # had come by now
    coming: tuple[Return, ...]  # will, if the door answers then

    @property
    def lost_for(self) -> timedelta:
        """How long what was first tried is lost."""
        return total(self.lost)

    @property
    def settled_at(self) -> datetime | None:
        """When the last retry has come; None if none ever does."""
        ends = [each.comes.end for each in (*self.returns, *self.coming)]
        return max(ends, default=None)


def fate_of(
    gap: Window, gaps: Iterable[Window], waits: Sequence[timedelta], *, now: datetime
) -> Fate:
    """Return what becomes of pushes first tried in ``gap``; ``gaps`` are all there were.

    A gap that goes on ends ``now``: nobody knows yet how later tries fare.
    """
    away = joined([gap, *gaps])
    future = (Window(now, datetime.max.replace(tzinfo=now.tzinfo)),)
    left: Windows = joined([gap])
    returns: list[Return] = []
    coming: list[Return] = []
    for number, wait in enumerate(waits, start=1):
        fails = common(left, [each.moved(-wait) for each in away])
        for each in without(left, fails):
            later = common([each.moved(wait)], future)
            open_ = [part.moved(-wait) for part in later]
            coming += _returns(number, wait, open_)
            returns += _returns(number, wait, without([each], open_))
        left = fails
    return Fate(lost=left, returns=tuple(returns), coming=tuple(coming))


def _returns(
    number: int, wait: timedelta, windows: Iterable[Window]
) -> Iterable[Return]:
    return [Return(number=number, window=each, wait=wait) for each in windows]
