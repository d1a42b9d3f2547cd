"""Raw bytes for the eye: JSON indented, anything else escaped, never changed."""

import json

import msgspec

LONGEST = 200_000


def pretty(body: bytes) -> str:
    """Return JSON indented, numbers and keys as they came; else ``escaped``."""
    try:
        return cut(msgspec.json.format(body.decode(), indent=2))
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return cut(escaped(body))


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
