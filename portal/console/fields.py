"""The filters of a list as a form shows them; names and meanings are the API's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from channels_cfg.models import Channel
from receipts.search import Mistake
from receipts.search.base import Filters
from receipts.search.parameters import Moment, OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One filter: a select where there are choices, else an input."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    is_time: bool = False
    mistake: str = ""


def fields_of(
    filters: type[Filters],
    asked: Mapping[str, str],
    *,
    mistakes: Sequence[Mistake] = (),
    hidden: frozenset[str] = frozenset(),
) -> list[Field]:
    """Return the fields of a list's form, with what was asked for."""
    wrong = {mistake.parameter: mistake.detail for mistake in mistakes}
    return [
        Field(
            name=name,
            label=_label(name),
            value=_value(asked.get(name, ""), is_time=isinstance(each, Moment)),
            choices=tuple(_choices(name, each)),
            is_time=isinstance(each, Moment),
            mistake=wrong.get(name, ""),
        )
        for name, each in _in_order(filters)
        if name not in hidden
    ]


def _in_order(filters: type[Filters]) -> list[tuple[str, object]]:
    return sorted(filters.base_filters.items(), key=lambda pair: pair[0] != "q")


def _label(name: str) -> str:
    if name == "q":
        return "Find"
    words = name.removesuffix("_after").removesuffix("_before").replace("_", " ")
    if name.endswith("_after"):
        words = f"{words} from (UTC)"
    elif name.endswith("_before"):
        words = f"{words} before (UTC)"
    return words.capitalize().replace(" id", " ID").replace("utc", "UTC")


def _value(text: str, *, is_time: bool) -> str:
    # The browser's own field for times takes no zone.
    return text.removesuffix("Z").removesuffix("+00:00") if is_time else text


def _choices(name: str, each: object) -> Iterator[tuple[str, str]]:
    if name == "channel":
        yield from Channel.objects.values_list("key", "name")
    elif isinstance(each, OneOf):
        yield from ((word, word.replace("_", " ")) for word in each.words)
