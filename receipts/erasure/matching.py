"""How a person's identities are found inside texts and bytes, and taken out.

A number is found however it is written: with blanks, dots or brackets between its
digits, but not inside a longer one. Any other identity is found as a whole word.
"""

import re
from collections.abc import Sequence

from channels_cfg.wire import IdentityKind
from receipts import masking

# Shorter ones would be found everywhere by chance.
SHORTEST = 6
GONE = "(erased)"
_BETWEEN = "[ ().-]{0,2}"


class Matching:
    """The patterns of some identities; ``values`` are as they are stored."""

    def __init__(self, values: Sequence[str]) -> None:
        long = [value for value in values if len(value) >= SHORTEST]
        self.values = long
        # The same words for Python and for PostgreSQL.
        self.sql = "|".join(_pattern(value) for value in long)
        self._text = re.compile(self.sql) if long else None
        self.shown = [word for word in map(masked, long) if len(word) > SHORTEST]

    def is_in(self, text: str) -> bool:
        """Tell whether one of the identities stands in a text."""
        return self._text is not None and self._text.search(text) is not None

    def is_in_bytes(self, body: bytes) -> bool:
        """Tell whether one of the identities stands in bytes."""
        return self.is_in(body.decode("latin-1"))

    def without(self, text: str) -> str:
        """Return a text in which the person is named no more, not even masked."""
        clean = self._text.sub(GONE, text) if self._text else text
        for word in self.shown:
            clean = clean.replace(word, GONE)
        return clean

    def starred(self, body: bytes) -> bytes:
        """Return bytes of the same length in which stars stand for the identities."""
        if self._text is None:
            return body
        text = body.decode("latin-1")
        return self._text.sub(lambda m: "*" * len(m[0]), text).encode("latin-1")

    def cleaned(self, value: object) -> object:
        """Return a JSON value in which the person is named no more."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.cleaned(each) for each in value]
        if isinstance(value, dict):
            return {self.without(k): self.cleaned(v) for k, v in value.items()}
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return GONE if is_number and self.is_in(str(value)) else value


def masked(value: str) -> str:
    """Return a stored identity as those may read it who may not see people."""
    kind = IdentityKind.PHONE if value.isdigit() else IdentityKind.USERNAME
    return masking.show_identity(kind, value, is_clear=False) or "…"


def _pattern(value: str) -> str:
    if value.isascii() and value.isdigit():
        return f"(?<![0-9]){_BETWEEN.join(value)}(?![0-9])"
    return f"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])"
