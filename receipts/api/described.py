"""What the OpenAPI document says of parameters, taken from the filters themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django_filters import rest_framework as filters

from receipts.api.asking import LARGEST_PAGE, PAGE_SIZE
from receipts.search.base import Filters
from receipts.search.parameters import LONGEST, Moment, OneOf
from receipts.search.windows import WIDEST

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter of a view."""

    name: str
    schema: Schema
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a view answers when all is well; no shape: bytes of a file."""

    shape: object = None
    status: int = 200
    media_types: tuple[str, ...] = ("application/json",)
    headers: tuple[str, ...] = ()
    description: str = ""
    examples: Mapping[str, object] = field(default_factory=dict)


_PAGE_SIZE = Parameter(
    name="page_size",
    schema={
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST_PAGE,
        "default": PAGE_SIZE,
    },
)
CURSOR = Parameter(
    name="cursor",
    schema={"type": "string"},
    description="From `next` or `previous`; follow these URLs as they are.",
)


def one_of(name: str, words: Iterable[str], description: str = "") -> Parameter:
    """Return a parameter that takes one of a closed list of words."""
    schema = {"type": "string", "enum": list(words)}
    return Parameter(name=name, schema=schema, description=description)


def comma_list(name: str, words: Iterable[str], description: str = "") -> Parameter:
    """Return a parameter that takes some of a closed list, with commas between."""
    option = "|".join(words)
    schema = {"type": "string", "pattern": f"^({option})(,({option}))*$"}
    return Parameter(name=name, schema=schema, description=description)


def of_list(
    kind: type[Filters] | None, orderings: Iterable[str], includes: Iterable[str]
) -> list[Parameter]:
    """Return all parameters of a list."""
    found = of_filters(kind) if kind else []
    words = list(orderings)
    if len(words) > 1:
        found.append(one_of("ordering", words, f"Default `{words[0]}`."))
    return [*found, *of_include(includes), _PAGE_SIZE, CURSOR]


def of_include(includes: Iterable[str]) -> list[Parameter]:
    """Return the parameter ``include``, where there is something to include."""
    words = list(includes)
    note = "Needs the scopes `raw:read` and `pii:read`."
    return [comma_list("include", words, note)] if words else []


def of_filters(kind: type[Filters]) -> list[Parameter]:
    """Return the parameters of a list's filters, in their order."""
    return [
        Parameter(name=name, schema=_schema(each), description=str(each.label or ""))
        for name, each in kind.base_filters.items()
    ]


def page_size() -> Parameter:
    """Return the parameter ``page_size``."""
    return _PAGE_SIZE


def _schema(each: filters.Filter) -> Schema:
    if isinstance(each, OneOf) and not each.is_open:
        return {"type": "string", "enum": each.words}
    if isinstance(each, Moment):
        return {"type": "string", "format": "date-time"}
    return {
        "type": "string",
        "minLength": each.extra.get("min_length") or 1,
        "maxLength": LONGEST,
        "pattern": r"\S",
    }


def cost(kind: type[Filters]) -> list[str]:
    """Return how far back a list looks, in sentences."""
    if kind.span is None:
        return []
    alone = f"{_words(kind.alone)} alone, and no filter at all, look at all time."
    rest = (
        f"Every other search looks at a window of at most {WIDEST.days} days "
        f"(`{kind.span}_after`, `{kind.span}_before`), by default the last "
        f"{WIDEST.days}; it is echoed as `window`. "
        "What takes over two seconds all the same is a 422."
    )
    ids = f"Ids ({_words(kind.ids)}) search all time; " if kind.ids else ""
    return [ids + alone, rest]


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
