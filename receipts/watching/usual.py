"""How many receipts usually arrive: the same hour of the week in the weeks before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Min, Sum

from receipts.models import ReceiptCount
from receipts.watching.windows import Window, Windows, common

WEEKS = 4
_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)

ByHour = Mapping[tuple[int, datetime], float]  # channel and hour


def load(windows: Iterable[Window]) -> ByHour:
    """Return the usual receipts of each channel in each hour that ``windows`` touch.

    Hours that no week before had a portal in are missing; one query and a look.
    """
    first = ReceiptCount.objects.aggregate(first=Min("hour"))["first"]
    hours = {hour for window in windows for hour in hours_of(window)}
    weeks = {hour: _weeks_before(hour, first) for hour in hours}
    wanted = {before for found in weeks.values() for before in found}
    rows = (
        ReceiptCount.objects.filter(hour__in=wanted)
        .values_list("channel_id", "hour")
        .annotate(total=Sum("n"))
    )
    counted = {(channel, hour): total for channel, hour, total in rows}
    channels = {channel for channel, _hour in counted}
    return {
        (channel, hour): sum(counted.get((channel, b), 0) for b in found) / len(found)
        for hour, found in weeks.items()
        for channel in channels
        if found
    }


def volume(channel: int, windows: Windows, usual: ByHour) -> float | None:
    """Return how many receipts ``windows`` usually bring; None if that is not known."""
    found, is_known = 0.0, not windows
    for window in windows:
        for hour in hours_of(window):
            inside = common([window], [Window(hour, hour + _HOUR)])
            share = sum(part.length / _HOUR for part in inside)
            if (channel, hour) in usual:
                is_known = True
                found += share * usual[channel, hour]
    return found if is_known else None


def hours_of(window: Window) -> list[datetime]:
    """Return the full hours that ``window`` touches."""
    hour = window.start.replace(minute=0, second=0, microsecond=0)
    found = []
    while hour < window.end:
        found.append(hour)
        hour += _HOUR
    return found


def _weeks_before(hour: datetime, first: datetime | None) -> list[datetime]:
    if first is None:
        return []
    before = [hour - _WEEK * number for number in range(1, WEEKS + 1)]
    return [each for each in before if each >= first]
