"""Times and sizes as alerts tell them."""

from datetime import UTC, datetime

_STEPS = ((86_400, "day"), (3600, "hour"), (60, "minute"))


def ago(since: datetime, now: datetime) -> str:
    """Return how long it lasts: ``3 hours``, ``1 minute``."""
    return lasting((now - since).total_seconds())


def lasting(seconds: float) -> str:
    """Return a duration in its largest unit that fits twice, or once."""
    for size, name in _STEPS:
        if seconds >= 2 * size or (seconds >= size and size == 60):
            return _counted(int(seconds // size), name)
    return _counted(int(seconds), "second")


def since_when(at: datetime) -> str:
    """Return a time to the second, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def size(count: float) -> str:
    """Return a number of bytes in GiB or MiB."""
    gib = count / 1024**3
    return f"{gib:.1f} GiB" if gib >= 1 else f"{count / 1024**2:.0f} MiB"


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
