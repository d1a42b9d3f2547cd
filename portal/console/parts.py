"""Pages of a timeline: from the newest, beyond a place, around one, from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from django.utils.dateparse import parse_date, parse_datetime

from receipts.models import Conversation
from receipts.timeline import Entry, Place, read_timeline

SIZE = 40
BEFORE = 12  # entries that stand before the one that is meant
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a timeline, oldest first; queries of the pages beside it.

    ``missed`` is a day after which there is nothing: the newest are shown instead.
    """

    entries: list[Entry]
    older: str | None = None
    newer: str | None = None
    missed: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where to read, as a URL says it."""

    before: Place | None = None
    after: Place | None = None
    around: Place | None = None
    day: date | None = None
    only_failures: bool = False


def asked_for(query: Mapping[str, str]) -> Asked:
    """Read a URL; what cannot be meant is left out."""
    start = query.get("at") == "first"
    return Asked(
        before=place_of(query.get("before")),
        after=Place(_FIRST, 0, 0) if start else place_of(query.get("after")),
        around=place_of(query.get("around")),
        day=None if start else _day(query.get("at", "")),
        only_failures=query.get("only") == "failures",
    )


def part_of(row: Conversation, asked: Asked) -> Part:
    """Return the page that is asked for."""
    if asked.around is not None:
        return _around(row, asked, asked.around)
    if asked.day is not None:
        midnight = datetime.combine(asked.day, time(), tzinfo=UTC)
        part = _forward(row, asked, Place(midnight, 0, 0))
        if part.entries:
            return part
        newest = _backward(row, asked, None)
        return Part(entries=newest.entries, older=newest.older, missed=asked.day)
    if asked.after is not None and asked.before is None:
        return _forward(row, asked, asked.after)
    return _backward(row, asked, asked.before)


def place_of(text: str | None) -> Place | None:
    """Read a place; None for what is none."""
    try:
        moment, rank, pk = (text or "").split(",")
        at = moment_of(moment)
        return Place(at, int(rank[:1]), int(pk[:19])) if at else None
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """Read an aware time; None for what is none."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def told(place: Place) -> str:
    """Return a place as ``place_of`` reads it."""
    return f"{place.at.isoformat()},{place.rank},{place.pk}"


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _backward(row: Conversation, asked: Asked, place: Place | None) -> Part:
    found = _read(row, asked, place, SIZE + 1, is_descending=True)
    entries = found[:SIZE][::-1]
    return _cut(
        asked,
        entries,
        has_older=len(found) > SIZE,
        has_newer=place is not None,
    )


def _forward(row: Conversation, asked: Asked, place: Place) -> Part:
    found = _read(row, asked, place, SIZE + 1, is_descending=False)
    is_start = place.at == _FIRST
    return _cut(
        asked, found[:SIZE], has_older=not is_start, has_newer=len(found) > SIZE
    )


def _around(row: Conversation, asked: Asked, place: Place) -> Part:
    earlier = _read(row, asked, place, BEFORE + 1, is_descending=True)
    itself = place._replace(pk=place.pk - 1)
    most = SIZE - BEFORE
    later = _read(row, asked, itself, most + 1, is_descending=False)
    return _cut(
        asked,
        [*earlier[:BEFORE][::-1], *later[:most]],
        has_older=len(earlier) > BEFORE,
        has_newer=len(later) > most,
    )


def _read(
    row: Conversation,
    asked: Asked,
    place: Place | None,
    limit: int,
    *,
    is_descending: bool,
) -> list[Entry]:
    return read_timeline(
        row,
        place,
        limit,
        is_descending=is_descending,
        only_failures=asked.only_failures,
    )


def _cut(
    asked: Asked, entries: list[Entry], *, has_older: bool, has_newer: bool
) -> Part:
    if not entries:
        return Part(entries=[])
    return Part(
        entries=entries,
        older=_query(asked, "before", entries[0].place) if has_older else None,
        newer=_query(asked, "after", entries[-1].place) if has_newer else None,
    )


def _query(asked: Asked, word: str, place: Place) -> str:
    only = [("only", "failures")] if asked.only_failures else []
    return "?" + urlencode([(word, told(place)), *only])
