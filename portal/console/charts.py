"""Bars as numbers for an SVG: drawn by the server, so no script and no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.console.tallies import Hour

WIDTH, HEIGHT, GAP = 960, 150, 6
PARTS = ("statuses", "inbound", "others", "failures", "waiting", "unread")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One coloured piece of a bar."""

    part: str
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One hour: where its bar stands, and what it is made of, from the ground up."""

    start: datetime
    x: float
    width: float
    total: int
    pieces: list[Piece]


def bars(hours: Sequence[Hour]) -> list[Bar]:
    """Return the bars of ``hours``; the highest hour fills the height."""
    top = max((hour.total for hour in hours), default=0) or 1
    step = WIDTH / max(len(hours), 1)
    return [
        Bar(
            start=hour.start,
            x=round(place * step + GAP / 2, 2),
            width=round(step - GAP, 2),
            total=hour.total,
            pieces=_pieces(hour, HEIGHT / top),
        )
        for place, hour in enumerate(hours)
    ]


def _pieces(hour: Hour, scale: float) -> list[Piece]:
    pieces, ground = [], float(HEIGHT)
    for part in PARTS:
        count = getattr(hour, part)
        if count:
            height = max(count * scale, 1.5)
            ground -= height
            pieces.append(Piece(part=part, y=round(ground, 2), height=round(height, 2)))
    return pieces
