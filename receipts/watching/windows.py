"""Spans of time as sets: half-open, sorted, never touching. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

_NONE = timedelta()


class Window(msgspec.Struct, frozen=True, order=True):
    """From ``start`` up to, but not at, ``end``."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def moved(self, by: timedelta) -> "Window":
        """Return it that much later."""
        return Window(self.start + by, self.end + by)


Windows = tuple[Window, ...]


def joined(windows: Iterable[Window]) -> Windows:
    """Return the union; empty windows vanish, those that touch become one."""
    found: list[Window] = []
    for each in sorted(window for window in windows if window.start < window.end):
        if found and each.start <= found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return tuple(found)


def common(some: Sequence[Window], others: Sequence[Window]) -> Windows:
    """Return what is in both."""
    return joined(
        Window(max(a.start, b.start), min(a.end, b.end))
        for a in some
        for b in others
        if a.start < b.end and b.start < a.end
    )


def without(some: Sequence[Window], others: Sequence[Window]) -> Windows:
    """Return what is in ``some`` only."""
    left = list(joined(some))
    for taken in others:
        left = [
            part
            for each in left
            for part in (
                Window(each.start, min(each.end, taken.start)),
                Window(max(each.start, taken.end), each.end),
            )
            if part.start < part.end
        ]
    return joined(left)


def total(windows: Iterable[Window]) -> timedelta:
    """Return how long all of them last together."""
    return sum((window.length for window in windows), _NONE)
