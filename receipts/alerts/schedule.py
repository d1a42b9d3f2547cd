"""When a delivery is tried again, and when it is given up."""

from datetime import datetime, timedelta

# After the first attempt; about 19 hours in all.
PAUSES = tuple(
    timedelta(seconds=each)
    for each in (10, 30, 120, 600, 1800, 3600, 7200, 14_400, 14_400, 28_800)
)
_LONGEST_ASKED = timedelta(hours=4)


def next_attempt(
    now: datetime, attempts: int, retry_after: str = ""
) -> datetime | None:
    """Return when to try again after ``attempts`` that failed; None: give up.

    ``retry_after`` is what the receiver asked for, in seconds.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1]
    if retry_after.isdigit():
        asked = timedelta(seconds=min(int(retry_after[:9]), 1_000_000))
        pause = max(pause, min(asked, _LONGEST_ASKED))
    return now + pause
