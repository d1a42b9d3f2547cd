"""What a list was asked for, and the links and forms by which it asks anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from portal.console import facets
from portal.console.facets import Counts, Facet
from portal.console.paging import without_place

SILENT = ("news", "paused", "facets")  # parameters of parts of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a facet; ``count`` None: it is not counted."""

    word: str
    count: int | None
    url: str


def rest_of(query: QueryDict, *names: str) -> list[tuple[str, str]]:
    """Return the parameters but those of places, parts and ``names``."""
    return without_place(query, *SILENT, *names)


def link(query: QueryDict, **changed: str) -> str:
    """Return the query with some parameters changed; '' takes one away."""
    kept = rest_of(query, *changed)
    return "?" + urlencode([*kept, *((k, v) for k, v in changed.items() if v)])


def offered(
    query: QueryDict, wanted: Iterable[Facet], counts: Counts
) -> list[tuple[Facet, list[Value]]]:
    """Return the values of each facet, the most frequent first; empty ones lack."""
    listed = ((each, _values(query, each.parameter, counts)) for each in wanted)
    return [(each, values) for each, values in listed if values]


def _values(query: QueryDict, parameter: str, counts: Counts) -> list[Value]:
    told: Mapping[str, int] = counts.by_facet.get(parameter, {})
    most = sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))
    found = [
        Value(word=word, count=n, url=link(query, **{parameter: word}))
        for word, n in most[: facets.LONGEST]
    ]
    if parameter == "flag" and counts.total:
        found += [
            Value(word=word, count=None, url=link(query, flag=word))
            for word in facets.UNCOUNTED_FLAGS
        ]
    return found
