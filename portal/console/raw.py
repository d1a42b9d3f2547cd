"""Raw bytes for the eye: JSON indented, anything else escaped, never changed."""

import json
import re
from dataclasses import dataclass

import msgspec

LONGEST = 200_000
_AROUND = 2_000  # what is shown on each side of a marked place
_PLACE = re.compile(r"at (byte|character) (\d+)")
_MISSING = re.compile(r"no \w+$|neither ")
_NAME = re.compile(r"[A-Za-z_]\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A body with the place at which reading failed; no place: it is not one."""

    before: str
    place: str = ""
    after: str = ""
    is_missing: bool = False  # ``place`` says what is not there


def pretty(body: bytes) -> str:
    """Return JSON indented, numbers and keys as they came; else ``escaped``."""
    try:
        return cut(msgspec.json.format(body.decode(), indent=2))
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return cut(escaped(body))


def marked(body: bytes, reason: str) -> Marked:
    """Return ``body`` cut where ``reason`` says that reading failed."""
    named = _PLACE.search(reason)
    if named is None:
        return _by_field(pretty(body), reason)
    at = int(named[2])
    if named[1] == "character":
        at = len(body.decode(errors="replace")[:at].encode())
    return Marked(
        before=escaped(body[max(0, at - _AROUND) : at]),
        place=escaped(body[at : at + 1]) or "the end",
        after=escaped(body[at + 1 : at + _AROUND]),
    )


def _by_field(text: str, reason: str) -> Marked:
    """Return ``text`` cut at a field that ``reason`` names, or where it is missing."""
    missing = _MISSING.match(reason)
    if missing and text.startswith("{\n"):
        return Marked(
            before="{\n  ",
            place=reason,
            after=f"\n{text.removeprefix('{').lstrip(chr(10))}",
            is_missing=True,
        )
    for name in _NAME.findall(reason):
        line = re.search(rf'^\s*("{re.escape(name)}":.*)$', text, re.MULTILINE)
        if line:
            start, end = line.span(1)
            return Marked(before=text[:start], place=line[1], after=text[end:])
    return Marked(before=text)


def pretty_shape(value: msgspec.Struct) -> str:
    """Return a public shape as indented JSON, text unescaped."""
    return json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=False)


def escaped(body: bytes) -> str:
    """Return text as it is where it is UTF-8; else bytes as ``\\xNN`` among letters."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("ascii", errors="backslashreplace")
    return "".join(_shown(letter) for letter in text)


def is_json(body: bytes) -> bool:
    """Tell whether ``body`` is JSON in UTF-8."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def cut(text: str) -> str:
    """Return as much of ``text`` as a page can bear; downloads hold all."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more characters"


def _shown(letter: str) -> str:
    if letter.isprintable() or letter in "\n\t":
        return letter
    return letter.encode("unicode_escape").decode()
