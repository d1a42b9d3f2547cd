"""What a request for a list asks: filters, and which page of how many rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rest_framework.request import Request

from receipts.search import BadParameters, Mistake

PAGE_SIZE, LARGEST_PAGE = 50, 200
# What steers a list but filters nothing.
STEERING = ("cursor", "page_size", "ordering", "include")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for a list, read; ``filters`` are checked by the search."""

    filters: dict[str, str]
    cursor: str | None
    page_size: int
    ordering: str | None
    include: frozenset[str]


def once_each(request: Request) -> dict[str, str]:
    """Return the parameters of a request. Raises ``BadParameters`` for repeated ones."""
    given = request.query_params
    repeated = [name for name, values in given.lists() if len(values) > 1]
    if repeated:
        raise BadParameters(Mistake(name, "Give it once.") for name in repeated)
    return {name: str(value) for name, value in given.items()}


def only(given: Mapping[str, str], known: Collection[str]) -> None:
    """Raise ``BadParameters`` unless every parameter is among ``known``."""
    unknown = [name for name in given if name not in known]
    if unknown:
        allowed = sorted(known)
        raise BadParameters(
            Mistake(name, "Unknown parameter.", allowed) for name in unknown
        )


def read_list(
    request: Request,
    filters: Collection[str],
    *,
    orderings: Collection[str] = (),
    includes: Collection[str] = (),
) -> Asked:
    """Read what a list is asked. Raises ``BadParameters``."""
    given = once_each(request)
    known = {*filters, "cursor", "page_size"}
    known |= {"ordering"} if len(orderings) > 1 else set()
    known |= {"include"} if includes else set()
    only(given, known)
    return Asked(
        filters={name: given[name] for name in given if name not in STEERING},
        cursor=given.get("cursor"),
        page_size=whole(
            given, "page_size", least=1, most=LARGEST_PAGE, default=PAGE_SIZE
        ),
        ordering=word(given, "ordering", orderings),
        include=read_include(given, includes),
    )


def read_include(given: Mapping[str, str], allowed: Collection[str]) -> frozenset[str]:
    """Return the words of ``include``, a comma list. Raises ``BadParameters``."""
    words = given["include"].split(",") if "include" in given else []
    if not set(words) <= set(allowed):
        detail = f"Give of: {', '.join(allowed)}."
        raise BadParameters([Mistake("include", detail, sorted(allowed))])
    return frozenset(words)


def whole(
    given: Mapping[str, str], name: str, *, least: int, most: int, default: int
) -> int:
    """Return a whole number from ``least`` to ``most``. Raises ``BadParameters``."""
    text = given.get(name, str(default))
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    if not is_number or not least <= int(text) <= most:
        raise BadParameters(
            [Mistake(name, f"Give a whole number from {least} to {most}.")]
        )
    return int(text)


def word(given: Mapping[str, str], name: str, allowed: Collection[str]) -> str | None:
    """Return one of ``allowed``; None if not given. Raises ``BadParameters``."""
    value = given.get(name)
    if value is not None and value not in allowed:
        detail = f"Give one of: {', '.join(allowed)}."
        raise BadParameters([Mistake(name, detail, list(allowed))])
    return value
