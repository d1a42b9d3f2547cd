"""What a run found: lines of a table, goals reached or not, a JSON file."""

import json
import os
import platform
import re
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.figures import Spread

_RESULTS = Path(__file__).parent / "results"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table; without ``is_reached`` it has no goal."""

    what: str
    value: str
    goal: str = ""
    is_reached: bool | None = None


class Report(msgspec.Struct, kw_only=True):
    """All of one run."""

    machine: dict[str, str]
    began_at: float
    lines: list[Line] = []
    figures: dict[str, object] = {}

    @classmethod
    def begin(cls) -> "Report":
        """Begin, and say what machine this is."""
        return cls(machine=machine(), began_at=time.time())

    def note(self, name: str, figures: object) -> None:
        """Keep figures for the file."""
        self.figures[name] = msgspec.to_builtins(figures, str_keys=True)

    def tell(self, what: str, value: str) -> None:
        """Add a line without a goal, and print it."""
        self._add(Line(what=what, value=value))

    def hold(self, what: str, value: str, *, goal: str, is_reached: bool) -> None:
        """Add a line with its goal, and print it."""
        self._add(Line(what=what, value=value, goal=goal, is_reached=is_reached))

    def head(self, words: str) -> None:
        """Print a heading."""
        print(f"\n{words}  ({time.time() - self.began_at:.0f} s)", flush=True)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        mark = {None: "", True: "reached", False: "NOT REACHED"}[line.is_reached]
        goal = f"goal {line.goal}: {mark}" if line.goal else ""
        print(f"  {line.what:<46} {line.value:>30}  {goal}".rstrip(), flush=True)

    def finish(self, name: str) -> None:
        """Print how many goals were reached; write the file."""
        held = [line for line in self.lines if line.is_reached is not None]
        reached = sum(bool(line.is_reached) for line in held)
        _RESULTS.mkdir(exist_ok=True)
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self.began_at))
        file = _RESULTS / f"{name}-{stamp}.json"
        file.write_text(json.dumps(msgspec.to_builtins(self), indent=1))
        took = time.time() - self.began_at
        print(f"\n{reached} of {len(held)} goals reached in {took:.0f} s: {file}")


def machine() -> dict[str, str]:
    """Return what the figures depend on; nothing that names the host."""
    memory = Path("/proc/meminfo").read_text().split()[1]
    models = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": models[0] if models else platform.machine(),
        "memory": f"{int(memory) / 1024 / 1024:.0f} GiB",
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
    }


def shown(spread: Spread, digits: int = 0) -> str:
    """Return a median and how far the rounds lay apart."""
    return f"{spread.median:,.{digits}f} ({spread.least:,.{digits}f} to {spread.most:,.{digits}f})"


def share(part: float, whole: float) -> float:
    """Return ``part`` of ``whole``; 0 where there is none."""
    return part / whole if whole else 0.0


def by_name(values: Mapping[str, float]) -> str:
    """Return some values in a row."""
    return ", ".join(f"{name} {value:.0f}" for name, value in values.items())
