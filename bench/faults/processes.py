"""Processes by their parents, as /proc shows them; only descendants of our own portal."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_NAMES = {"postgres": "postgres", "valkey-server": "valkey", "caddy": "edge"}


def children(parent: int) -> list[int]:
    """Return the direct children of a process."""
    return sorted(pid for pid, of in _parents().items() if of == parent)


def tree(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents = _parents()
    found = [root]
    for pid in found:
        found += [child for child, of in parents.items() if of == pid]
    return found


def name_of(pid: int) -> str:
    """Return the supervisor's name of a service, '' for what is none."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "environ").read_bytes().split(b"\0"):
            if line.startswith(b"PORTAL_PROCESS="):
                return line.partition(b"=")[2].decode()
        return _NAMES.get((_PROC / str(pid) / "comm").read_text().strip(), "")
    return ""


def memory_kib(pid: int) -> int:
    """Return how much memory a process holds; 0 when it is gone."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_until(is_so: Callable[[], object], *, within_s: float) -> float | None:
    """Return after how many seconds it became so; None if it did not."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > within_s:
            return None
        time.sleep(0.05)
    return time.monotonic() - began


def _parents() -> dict[int, int]:
    found = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                # The name, in parentheses, may hold blanks.
                after = (entry / "stat").read_text().rpartition(")")[2].split()
                found[int(entry.name)] = int(after[1])
    return found
