"""A search: parameters read, its cost bounded, its rows a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from receipts.querysets import keyset
from receipts.search.base import Filters
from receipts.search.parameters import BadParameters, Mistake
from receipts.search.windows import needs_window, window
from receipts.shapes import Window

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: after the row with these keys, or before it."""

    keys: tuple[object, ...]
    is_backward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Rows of a page, and whether more follow in its direction."""

    rows: Sequence[Row]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Generic[Row]):
    """A search whose parameters were understood."""

    rows: QuerySet[Row]
    keys: tuple[str, ...]
    is_descending: bool
    window: Window | None
    apart: tuple[int, ...] = ()  # channels of a limited caller, each read by its index

    def page(self, place: Place | None, size: int) -> Page[Row]:
        """Return up to ``size`` rows from ``place`` on, in the order of the search."""
        is_backward = place is not None and place.is_backward
        is_descending = self.is_descending != is_backward
        found = list(self._read(place, is_descending, size + 1))
        rows = found[:size]
        return Page(
            rows=rows[::-1] if is_backward else rows, has_more=len(found) > size
        )

    def _read(
        self, place: Place | None, is_descending: bool, limit: int
    ) -> Iterable[Row]:
        rows = self.rows
        if place is not None:
            rows = keyset.beyond(
                rows, self.keys, place.keys, is_descending=is_descending
            )
        if self.apart:
            return keyset.first_of_each(
                rows,
                self.keys,
                limit,
                apart=("channel", self.apart),
                is_descending=is_descending,
            )
        return keyset.in_order(rows, self.keys, is_descending=is_descending)[:limit]


def search(
    filters: type[Filters],
    rows: QuerySet[Row],
    parameters: Mapping[str, str],
    *,
    now: datetime,
    ordering: str | None = None,
    channels: frozenset[int] | None = None,
) -> Search[Row]:
    """Read a search of ``rows`` by ``parameters``, within ``channels`` (None: all).

    ``now`` is where the default window ends. Raises ``BadParameters``.
    """
    form = filters(dict(parameters), queryset=rows)
    _check(filters, form, parameters)
    given = set(parameters)
    bounds = None
    if needs_window(filters, given, is_limited=channels is not None):
        bounds = window(filters.span or "", form.form.cleaned_data, now)
    found = form.qs
    if bounds is not None:
        key = filters.keys[0]
        found = found.filter(
            **{f"{key}__gte": bounds.after, f"{key}__lt": bounds.before}
        )
    orderings = filters.orderings()
    return Search(
        rows=_within(filters, found, channels),
        keys=filters.keys,
        is_descending=orderings[ordering or next(iter(orderings))],
        window=bounds,
        apart=_apart(filters, given, channels),
    )


def _check(
    filters: type[Filters], form: Filters, parameters: Mapping[str, str]
) -> None:
    known = filters.base_filters
    mistakes = [
        Mistake(name, "Unknown parameter.", sorted(known))
        for name in parameters
        if name not in known
    ]
    mistakes += [
        Mistake(name, "Give a value, or leave the parameter out.")
        for name, value in parameters.items()
        if name in known and not value.strip()
    ]
    if not form.is_valid():
        for name, errors in form.errors.items():
            words = getattr(known[name], "words", None)
            mistakes += [Mistake(name, str(error), words) for error in errors]
    if mistakes:
        raise BadParameters(mistakes)


def _within(
    filters: type[Filters], rows: QuerySet[Row], channels: frozenset[int] | None
) -> QuerySet[Row]:
    if channels is None:
        return rows
    return rows.filter(**{f"{filters.channel_path}__in": sorted(channels)})


def _apart(
    filters: type[Filters], given: set[str], channels: frozenset[int] | None
) -> tuple[int, ...]:
    if channels is None or filters.span is None or given & {"channel", *filters.ids}:
        return ()
    return tuple(sorted(channels))
