"""Facets: how often each value stands in a search, over its newest 10,000 rows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from channels_cfg.models import Channel, ErrorCode
from channels_cfg.wire import Flag

MOST = 10_000
LONGEST = 12  # values of a facet that are offered
# Told by another table, so that counting them would cost more than it may.
UNCOUNTED_FLAGS = ("repeated", "several_recipients")

Tally = dict[str, Counter[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One parameter of a list that a column of its rows answers; '' is worked out."""

    parameter: str
    label: str
    column: str


# What several lists are counted by.
CHANNEL = Facet(parameter="channel", label="Channel", column="channel_id")
STATUS = Facet(parameter="status", label="Status", column="status")
ERROR_CODE = Facet(parameter="error_code", label="Error", column="error_code")
TEMPLATE = Facet(parameter="template_code", label="Template", column="template_code")
SENDER = Facet(parameter="business_address", label="Sender", column="business_address")
ROAD = Facet(parameter="mode", label="Road", column="mode")


@dataclass(slots=True, kw_only=True)
class Counts:
    """By parameter and value; ``total`` is one over the most when there are more."""

    total: int = 0
    by_facet: Tally = field(default_factory=dict)

    @property
    def is_capped(self) -> bool:
        """Whether older rows were not counted."""
        return self.total > MOST


def count(
    rows: QuerySet[Model], keys: Sequence[str], facets: Sequence[Facet]
) -> Counts:
    """Count the newest rows of a search by each of ``facets``; one scan of them."""
    columns = {each.parameter: each.column for each in facets if each.column}
    newest = rows.order_by(*(f"-{key}" for key in keys))
    try:
        found = _grouped(newest, list(columns.values()))
    except EmptyResultSet:
        return Counts()
    counts = Counts(total=found.pop(("", None), 0))
    for parameter, column in columns.items():
        counted = Counter({str(v): n for (c, v), n in found.items() if c == column})
        counts.by_facet[parameter] = counted
    _name_channels(counts.by_facet)
    if "flag" in columns:
        counts.by_facet["flag"] = _flags(counts.by_facet["flag"])
    if "error_code" in columns:
        counts.by_facet["error_owner"] = _owners(counts.by_facet["error_code"])
    return counts


def _grouped(
    rows: QuerySet[Model], columns: list[str]
) -> dict[tuple[str, object], int]:
    """Return how often each value of each column stands there; ("", None): all."""
    inner, given = rows.values_list(*columns)[: MOST + 1].query.sql_with_params()
    names = [f"c{number}" for number in range(len(columns))]
    listed = ", ".join(names)
    sets = ", ".join(f"({name})" for name in names)
    # Our own names alone are put in; what was asked for stays a parameter.
    query = (
        f"SELECT GROUPING({listed}), {listed}, count(*) FROM ({inner}) AS newest({listed})"  # noqa: S608
        f" GROUP BY GROUPING SETS ({sets}, ())"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return dict(_read(cursor.fetchall(), columns))


def _read(
    rows: Sequence[tuple[object, ...]], columns: list[str]
) -> Iterator[tuple[tuple[str, object], int]]:
    for grouping, *values, total in rows:
        # A bit is 0 for the column that the row is grouped by, the first one highest.
        bits = f"{grouping:0{len(columns)}b}"
        place = bits.find("0")
        if place < 0:
            yield ("", None), int(str(total))
        elif values[place] not in (None, ""):
            yield (columns[place], values[place]), int(str(total))


def _name_channels(by_facet: Tally) -> None:
    told = by_facet.get("channel")
    if told:
        keys = Channel.objects.filter(pk__in=told).values_list("pk", "key")
        by_facet["channel"] = Counter({key: told[str(pk)] for pk, key in keys})


def _flags(told: Mapping[str, int]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for bits, total in told.items():
        for flag in Flag(int(bits)):
            counted[(flag.name or "").lower()] += total
    return counted


def _owners(told: Mapping[str, int]) -> Counter[str]:
    entries = ErrorCode.objects.filter(code__in=list(told)).exclude(owner="")
    owners: dict[str, set[str]] = {}
    for code, owner in entries.values_list("code", "owner"):
        owners.setdefault(code, set()).add(owner)
    counted: Counter[str] = Counter()
    for code, known in owners.items():
        if len(known) == 1:  # providers that use one code may mean different things
            counted[known.pop()] += told[code]
    return counted
