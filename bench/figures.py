"""Figures: several rounds, their median and how far they lie apart."""

import math
from collections.abc import Sequence

import msgspec


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """What some rounds of one measurement gave."""

    median: float
    p95: float
    p99: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Sum up some values, at least one."""
        ordered = sorted(values)
        return cls(
            median=_at(ordered, 0.5),
            p95=_at(ordered, 0.95),
            p99=_at(ordered, 0.99),
            least=ordered[0],
            most=ordered[-1],
            rounds=len(ordered),
        )


def _at(ordered: Sequence[float], share: float) -> float:
    """Return the nearest rank: a value that was measured, never one in between."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
