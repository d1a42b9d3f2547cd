"""How far back a search may look, so that it costs no more than it may."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from receipts.search.base import Filters
from receipts.search.parameters import BadParameters, Mistake
from receipts.shapes import Window

WIDEST = timedelta(days=31)


def needs_window(filters: type[Filters], given: set[str], *, is_limited: bool) -> bool:
    """Tell whether a search by the parameters ``given`` is one that a window bounds.

    A caller limited to some channels searches by these as well: what it gives alone
    is a combination, but for the channel.
    """
    if filters.span is None or not given or given & filters.ids:
        return False
    if len(given) > 1:
        return True
    return not given <= (filters.alone & {"channel"} if is_limited else filters.alone)


def window(span: str, values: Mapping[str, object], now: datetime) -> Window:
    """Return the window of a search: as given, filled up to 31 days, or the last 31.

    Raises ``BadParameters`` for a wider one.
    """
    after, before = values.get(f"{span}_after"), values.get(f"{span}_before")
    if isinstance(after, datetime) and isinstance(before, datetime):
        if before - after > WIDEST:
            raise BadParameters([_too_wide(span, after)])
        return Window(after=after, before=before)
    if isinstance(after, datetime):
        return Window(after=after, before=_shifted(after, WIDEST))
    end = before if isinstance(before, datetime) else now
    return Window(after=_shifted(end, -WIDEST), before=end)


def _too_wide(span: str, after: datetime) -> Mistake:
    latest = _shifted(after, WIDEST).isoformat().replace("+00:00", "Z")
    return Mistake(
        f"{span}_before",
        "This search looks at 31 days at most; search by an id, or ask for one month "
        f"after the other. For this {span}_after give {latest} or earlier.",
    )


def _shifted(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return at
