"""Bodies without a length, as our own edge passes them on: whole, and not too large."""

from collections.abc import MutableMapping
from io import BytesIO
from typing import Protocol, cast

_PIECE = 64 * 1024


class Readable(Protocol):
    """What a WSGI server offers as its input."""

    def read(self, size: int, /) -> bytes: ...


def give_length(environ: MutableMapping[str, object], limit: int) -> None:
    """Read a chunked body and say how long it is; past ``limit`` by one byte at most.

    Only behind our edge, which buffers and passes on what it has in full: granian
    itself does not tell a chunked body that broke off from one that is whole.
    """
    if environ.get("CONTENT_LENGTH") or not environ.pop("HTTP_TRANSFER_ENCODING", None):
        return
    stream = cast(Readable, environ["wsgi.input"])
    pieces, left = [], limit + 1
    while left and (piece := stream.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    body = b"".join(pieces)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = BytesIO(body)
