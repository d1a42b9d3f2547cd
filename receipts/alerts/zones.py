"""Quiet hours: when a destination is left in peace, by the clock of its own zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

_SATURDAY = 5


def is_a_zone(name: str) -> None:
    """Refuse a name that no time zone has."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValidationError(f"No time zone is called {name}.") from None


def is_quiet(
    now: datetime,
    *,
    start: time | None,
    end: time | None,
    weekends: bool,
    zone: str,
) -> bool:
    """Say whether ``now`` lies in quiet hours, which may go past midnight.

    Equal ends mean the whole day.
    """
    here = now.astimezone(ZoneInfo(zone))
    if weekends and here.weekday() >= _SATURDAY:
        return True
    if start is None or end is None:
        return False
    clock = here.time()
    if start < end:
        return start <= clock < end
    return clock >= start or clock < end
