"""Public shapes as CSV or JSON Lines. Pure."""

import csv
import io
import types
import typing
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

# What a spreadsheet takes for a formula, also in its wide forms.
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
_encoder = msgspec.json.Encoder()

Path = tuple[str, ...]


def to_jsonl(rows: Iterable[msgspec.Struct]) -> bytes:
    """Return one JSON object a line."""
    return b"".join(_encoder.encode(row) + b"\n" for row in rows)


def to_csv(
    rows: Iterable[msgspec.Struct], shape: type[msgspec.Struct], *, with_header: bool
) -> bytes:
    """Return lines by RFC 4180; parts of parts become columns such as ``user.phone``.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    paths = columns(shape)
    text = io.StringIO()
    writer = csv.writer(text)
    if with_header:
        writer.writerow(".".join(path) for path in paths)
    writer.writerows([_cell(_at(row, path)) for path in paths] for row in rows)
    return text.getvalue().encode()


def columns(shape: type[msgspec.Struct]) -> list[Path]:
    """Return the path of each column of a shape, in order."""
    found: list[Path] = []
    for field in msgspec.structs.fields(shape):
        part = _part(field.type)
        if part is not None:
            found += [(field.name, *path) for path in columns(part)]
        elif field.default is not msgspec.UNSET:
            found.append((field.name,))
    return found


def _part(kind: object) -> type[msgspec.Struct] | None:
    """Return the shape that a field holds, or holds unless it is null."""
    if typing.get_origin(kind) is typing.Annotated:
        return _part(typing.get_args(kind)[0])
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    for option in options:
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            return option
    return None


def _at(row: msgspec.Struct, path: Path) -> object:
    value: object = row
    for name in path:
        value = None if value is None else getattr(value, name)
    return value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, int | float):
        return str(value)
    return _safe(value if isinstance(value, str) else _joined(value))


def _joined(value: object) -> str:
    if isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        return " ".join(value)
    return _encoder.encode(value).decode()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
