"""Pages of a list by keyset: no OFFSET, no count, a place in the URL.

``before`` and ``after`` name the last or first row that was seen, newest first: a time
in ISO 8601, a comma, an id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from receipts.search import Place, Search

SIZE = 50
PLACES = ("before", "after")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[Row]):
    """One page, newest first; the URLs are queries of the neighbouring pages."""

    rows: Sequence[Row]
    newer: str | None = None
    older: str | None = None
    first: str = ""  # keys of the first row


def cut(found: Search[Row], query: QueryDict, size: int = SIZE) -> Listed[Row]:
    """Return the page of ``found`` that ``query`` asks for; one SQL statement.

    A place that nobody could have been given means the first page.
    """
    place = _place(query)
    page = found.page(place, size)
    if not page.rows:
        return Listed(rows=())
    is_back = place is not None and place.is_backward
    has_older = is_back or page.has_more
    has_newer = page.has_more if is_back else place is not None
    first, last = page.rows[0], page.rows[-1]
    return Listed(
        rows=page.rows,
        first=_keys(first, found),
        newer=_url(query, "after", _keys(first, found)) if has_newer else None,
        older=_url(query, "before", _keys(last, found)) if has_older else None,
    )


def count_newer(found: Search[Row], keys: str, most: int = SIZE) -> int:
    """Return how many rows of ``found`` are newer than ``keys``, up to ``most``."""
    place = _read(keys)
    if place is None:
        return 0
    return len(found.page(Place(keys=place, is_backward=True), most).rows)


def without_place(query: QueryDict, *names: str) -> list[tuple[str, str]]:
    """Return the parameters of ``query`` but those of paging and ``names``."""
    left_out = {*PLACES, *names}
    return [
        (name, value)
        for name, values in query.lists()
        for value in values
        if name not in left_out and value
    ]


def _place(query: QueryDict) -> Place | None:
    for word in PLACES:
        keys = _read(query.get(word) or "")
        if keys is not None:
            return Place(keys=keys, is_backward=word == "after")
    return None


def _read(text: str) -> tuple[datetime, int | UUID] | None:
    moment, _, pk = text.partition(",")
    try:
        at = parse_datetime(moment)
        key = int(pk[:19]) if pk.isascii() and pk.isdigit() else UUID(pk)
    except ValueError:
        return None
    return None if at is None or at.tzinfo is None else (at, key)


def _keys(row: Row, found: Search[Row]) -> str:
    at, pk = (getattr(row, key) for key in found.keys)
    return f"{at.isoformat()},{pk}"


def _url(query: QueryDict, word: str, keys: str) -> str:
    return "?" + urlencode([*without_place(query), (word, keys)])
