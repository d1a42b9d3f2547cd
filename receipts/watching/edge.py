"""What our edge had to turn away, from its access log. Paths in it are masked."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from receipts.watching.windows import Window

_MOST = 64 * 1024 * 1024  # bytes of the log that are looked at, from its end
_DOOR = "/callbacks/"


class _Request(msgspec.Struct):
    method: str
    uri: str


class _Line(msgspec.Struct):
    ts: float
    status: int
    request: _Request


_decode = msgspec.json.Decoder(_Line).decode


def turned_away(log: Path, gap: Window) -> int | None:
    """Return how many pushes ended with a 5xx in ``gap``; None without such a log."""
    try:
        return sum(1 for line in _lines(log) if _is_turned_away(line, gap))
    except OSError:
        return None


def _is_turned_away(line: _Line, gap: Window) -> bool:
    is_push = line.request.method == "POST" and line.request.uri.startswith(_DOOR)
    is_then = gap.start.timestamp() <= line.ts < gap.end.timestamp()
    return is_push and is_then and line.status >= 500


def _lines(log: Path) -> Iterator[_Line]:
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _MOST))
        for line in file:
            try:
                yield _decode(line)
            except msgspec.DecodeError:
                continue  # cut at the start, or of another kind
