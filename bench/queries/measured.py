"""What was measured of a query; plain values, without Django."""

import msgspec

from bench.queries.registry import GOALS_MS


class Measured(msgspec.Struct, kw_only=True):
    """One query at one size; times in milliseconds."""

    kind: str
    path: str
    least: float
    p50: float
    p95: float
    cpu_p95: float  # of the server's process: no waiting for a busy machine in it
    statements: int
    whole_p50: float  # the request, Python and all
    answers: dict[int, int]  # by HTTP status
    scans: list[str]  # sequential, of big tables

    @property
    def is_reached(self) -> bool:
        """Whether it is within its goal, as far as one size can tell."""
        return self.p95 <= GOALS_MS[self.kind] and not self.scans
