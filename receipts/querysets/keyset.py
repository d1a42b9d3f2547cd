"""Keyset order: rows by one or two columns, from a place on, either way."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Model, QuerySet, Subquery, Value

Row = TypeVar("Row", bound=Model)

MOST_APART = 16


class _Tuple(Func):
    function = ""
    template = "(%(expressions)s)"
    output_field = BooleanField()  # never read: only compared


class _Before(Func):
    template = "%(expressions)s"
    arg_joiner = " < "
    output_field = BooleanField()


class _After(_Before):
    arg_joiner = " > "


class _UpTo(_Before):
    arg_joiner = " <= "


class _In(_Before):
    arg_joiner = " IN "


class _AnyOf(_Before):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("


def in_order(
    rows: QuerySet[Row], keys: Sequence[str], *, is_descending: bool
) -> QuerySet[Row]:
    """Return ``rows`` ordered by ``keys``."""
    return rows.order_by(*(f"-{key}" if is_descending else key for key in keys))


def beyond(
    rows: QuerySet[Row],
    keys: Sequence[str],
    place: Sequence[object],
    *,
    is_descending: bool,
) -> QuerySet[Row]:
    """Return the rows after ``place`` in that order.

    A row comparison, which an index on ``keys`` answers at once however many rows
    share the first value (all items of a callback do).
    """
    compare = _Before if is_descending else _After
    own = _Tuple(*(F(key) for key in keys))
    theirs = _Tuple(*(Value(value) for value in place))
    # PostgreSQL prunes partitions by plain comparisons alone.
    edge = f"{keys[0]}__{'lte' if is_descending else 'gte'}"
    return rows.filter(compare(own, theirs), **{edge: place[0]})


def after(keys: Sequence[str], place: Sequence[object]) -> Func:
    """Return the condition that a row comes after ``place``, oldest first."""
    own = _Tuple(*(F(key) for key in keys))
    return _After(own, _Tuple(*(Value(value) for value in place)))


def up_to(keys: Sequence[str], place: Sequence[object]) -> Func:
    """Return the condition that a row comes no later than ``place``, oldest first."""
    own = _Tuple(*(F(key) for key in keys))
    return _UpTo(own, _Tuple(*(Value(value) for value in place)))


def first_of_each(
    rows: QuerySet[Row],
    keys: Sequence[str],
    limit: int,
    *,
    apart: tuple[str, Collection[object]],
    is_descending: bool,
) -> QuerySet[Row]:
    """Return the first ``limit`` rows of several values of one column together.

    Each value is read by its own index in order; asking for all at once would sort
    every row of them. Too many values are asked for at once all the same.
    """
    column, values = apart
    if len(values) == 1 or len(values) > MOST_APART:
        some = rows.filter(**{f"{column}__in": list(values)})
        return in_order(some, keys, is_descending=is_descending)[:limit]
    parts = [
        in_order(rows.filter(**{column: value}), keys, is_descending=is_descending)
        for value in values
    ]
    together = parts[0][:limit].union(*(part[:limit] for part in parts[1:]), all=True)
    return in_order(together, keys, is_descending=is_descending)[:limit]


def pair_in(rows: QuerySet[Model], first: str, second: str) -> Func:
    """Return the condition that two columns, together, are those of one of ``rows``."""
    own = _Tuple(F(first), F(second))
    return _In(own, Subquery(rows.order_by().values(first, second)))


def key_in(rows: QuerySet[Model]) -> Func:
    """Return the condition that a row is one of ``rows``, which are found beforehand."""
    return _AnyOf(F("pk"), ArraySubquery(rows.order_by().values("pk")))
