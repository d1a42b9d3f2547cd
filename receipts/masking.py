"""How people look to those who may not see them: phones, names, numbers inside texts.

Pure. A phone shows its first four and last three digits, another identity its first
four characters; what is too short to hide anything shows nothing.
"""

import re
from collections.abc import Iterable

from channels_cfg.wire import IdentityKind

SHORTEST_PHONE, LONGEST_PHONE = 9, 15
SHORTEST_WORD = 6
HEAD, TAIL = 4, 3

# Nine to fifteen digits in a row, or as people write them: with blanks, dots, brackets.
# What is masked already is left alone, and so is a date in front of a time of day.
_EDGE, _END = r"(?<![\d*])", r"(?![\d*])"
_PHONE_LIKE = re.compile(
    rf"{_EDGE}\d{{9,15}}{_END}"
    rf"|{_EDGE}(?!\d{{4}}-\d\d-\d\d)\d(?:[ ().-]{{0,2}}\d){{8,14}}{_END}"
)
_UUID = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# Long hexadecimal words with a letter in them are ids; digits meet there by chance.
_HEX = re.compile(r"(?i)\b(?=[0-9]*[a-f])[0-9a-f]{16,}\b")


def phone(digits: str) -> str:
    """Return a stored phone as people read it: E.164 with ``+``."""
    return f"+{digits}"


def mask_digits(digits: str) -> str | None:
    """Hide the middle of a number; None where that would hide nothing."""
    if len(digits) < SHORTEST_PHONE:
        return None
    hidden = len(digits) - HEAD - TAIL
    return f"{digits[:HEAD]}{'*' * hidden}{digits[-TAIL:]}"


def mask_phone(digits: str) -> str | None:
    """Return ``+8613******678``; None for a number under nine digits."""
    masked = mask_digits(digits)
    return None if masked is None else phone(masked)


def mask_word(value: str) -> str | None:
    """Return the first four characters and ``…``; None for a word under six."""
    return None if len(value) < SHORTEST_WORD else f"{value[:HEAD]}…"


def show_identity(kind: str, value: str, *, is_clear: bool) -> str | None:
    """Return an identity as a reader may see it."""
    if kind == IdentityKind.PHONE:
        return phone(value) if is_clear else mask_phone(value)
    return value if is_clear else mask_word(value)


def mask_text(text: str | None, known: Iterable[str] = ()) -> str | None:
    """Hide phones inside a task id, a description or an error text.

    ``known`` are the digits of numbers that belong to the row: they are found in the
    midst of other digits too.
    """
    if not text:
        return text
    for digits in known:
        if len(digits) >= HEAD:
            text = text.replace(digits, mask_digits(digits) or "…")
    kept = [match.span() for match in (*_UUID.finditer(text), *_HEX.finditer(text))]

    def hide(match: re.Match[str]) -> str:
        if any(start < match.end() and match.start() < end for start, end in kept):
            return match[0]
        return mask_digits(re.sub(r"\D", "", match[0])) or "…"

    return _PHONE_LIKE.sub(hide, text)
