"""A request's body: every byte of it, or a refusal. No parser touches it.

Tried on granian: a body without a length cannot be told from one that broke off, and
a short one ends without any error. So nothing without a length is taken, and what came
is counted.
"""

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from receipts.intake.refusals import CutShort, NoLength, TooLarge

_PIECE = 64 * 1024


class Readable(Protocol):
    """What a WSGI server offers as its input."""

    def read(self, size: int, /) -> bytes: ...


def announced_length(headers: Mapping[str, str]) -> int:
    """Return how long the body is said to be.

    Our edge sends on what it could read, under that length; what its caller announced
    stands beside it. Raises ``NoLength``, ``TooLarge``, ``CutShort``.
    """
    text = headers.get("content-length") or ""
    if not text.isdecimal() or "chunked" in headers.get("transfer-encoding", ""):
        raise NoLength
    length = int(text)
    if length > settings.CALLBACK_MAX_BYTES:
        raise TooLarge
    announced = headers.get("x-announced-length") or text
    if not (announced.isdecimal() and int(announced) == length):
        raise CutShort
    return length


def read_whole(request: HttpRequest, length: int) -> bytes:
    """Read ``length`` bytes. Raises ``CutShort`` when they do not come."""
    stream: Readable = request.META["wsgi.input"]
    pieces, left = [], length
    while left:
        try:
            piece = stream.read(min(left, _PIECE))
        except OSError:
            raise CutShort from None
        if not piece:
            raise CutShort
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
