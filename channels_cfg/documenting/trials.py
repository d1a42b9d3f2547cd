"""What becomes of a field or a value: it is changed, and what is read is compared."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from channels_cfg.documenting.documented import Field, Value
from channels_cfg.documenting.readings import (
    KEY,
    QUARANTINED,
    Reading,
    reading_of,
)
from channels_cfg.documenting.samples import Sample, sample

_YEAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGIT_AT_END = re.compile(r"[0-9]\Z")
# What a value may decide; all else is only handed on, or differs for want of it.
_TOLD_OF_VALUES = (
    QUARANTINED,
    "receipt_type",
    "kind",
    "status",
    "template aspect",
    "template status",
    "template quality",
    "template category",
    "channel_type",
    "user.phone",
    "user.user_id",
    "user.parent_user_id",
    "content.type",
    "conversation_type",
    "frame_type",
    "error.code",
    "flags",
)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a field becomes: names of ours; whether it makes a receipt another one.

    ``without`` is why its item is set aside where the field is missing, '' if it is not.
    """

    becomes: tuple[str, ...]
    is_of_key: bool
    without: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One value, and what it becomes by name."""

    value: str
    becomes: Reading


def try_field(slug: str, field: Field) -> Trial:
    """Change a field and tell what is read otherwise. Raises ``LookupError``.

    ``field`` is placed: it says its fixture and where it stands in it.
    """
    base = sample(slug, field.fixture)
    path = _path(field, field.name)
    other = another(base.at(path)) if field.other is None else field.other
    before = _reading(base, field)
    after = _reading(base.put({path: other}), field)
    changed = [n for n in _names([before, after]) if before.get(n) != after.get(n)]
    return Trial(
        becomes=tuple(name for name in changed if name != KEY),
        is_of_key=KEY in changed,
        without=_reading(base.put({path: None}), field).get(QUARANTINED, ""),
    )


def try_values(slug: str, field: Field) -> list[Row]:
    """Put each documented value in place, and tell in what the readings differ."""
    base = sample(slug, field.fixture)
    readings = [_reading(base.put(_changes(field, v)), field) for v in field.values]
    told = field.shows or _TOLD_OF_VALUES
    varying = [n for n in told if len({each.get(n, "") for each in readings}) > 1]
    return [
        Row(
            value=_written(value),
            becomes={name: each[name] for name in varying if name in each},
        )
        for value, each in zip(field.values, readings, strict=True)
    ]


def another(value: object) -> object:
    """Return a value of the same form that says something else."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return _another_text(value)
    return None  # an object or array: as if it were left out


def _another_text(text: str) -> str:
    if _YEAR.match(text):
        return f"{text[:3]}{(int(text[3]) + 1) % 10}{text[4:]}"
    if _DIGIT_AT_END.search(text):
        return f"{text[:-1]}{(int(text[-1]) + 1) % 10}"
    return f"{text}x"


def _reading(changed: Sample, field: Field) -> Reading:
    return reading_of(changed.read()[field.item or 0])


def _changes(field: Field, value: Value) -> Mapping[str, object]:
    named = value if isinstance(value, dict) else {field.name: value}
    return {_path(field, name): each for name, each in named.items()}


def _path(field: Field, name: str) -> str:
    return ".".join(part for part in (field.at or "", name) if part)


def _names(readings: Sequence[Reading]) -> list[str]:
    return list(dict.fromkeys(name for each in readings for name in each))


def _written(value: Value) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_written(each)}" for name, each in value.items())
    return "missing" if value is None else str(value)
