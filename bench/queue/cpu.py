"""What each part of the portal, and the stand-in, used of the processors."""

import os
import time
from contextlib import suppress
from pathlib import Path

from bench.faults.portal import Portal

_PARTS = ("queue", "worker", "sweep", "postgres")
_TICKS = os.sysconf("SC_CLK_TCK")


class Cpu:
    """Counts from its making on; a process that ended meanwhile is not counted."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._before = self._used()
        self._own = time.process_time()

    def __str__(self) -> str:
        used = self._used()
        parts = [f"{name} {used[name] - self._before[name]:.1f}" for name in _PARTS]
        own = time.process_time() - self._own
        return f"CPU seconds: {', '.join(parts)}, stand-in and bench {own:.1f}"

    def _used(self) -> dict[str, float]:
        return {name: sum(map(_ticks, self._portal.whole(name))) for name in _PARTS}


def _ticks(pid: int) -> float:
    with suppress(OSError):
        # The name, in parentheses, may hold blanks.
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS
    return 0.0
