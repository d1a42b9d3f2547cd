"""What a killed PostgreSQL leaves behind: processes, and files with stale pids."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_STEPS = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0))


def clear(data: Path, sockets: Path) -> None:
    """End servers that still work in ``data``, then remove their pid and lock files.

    PostgreSQL refuses to start when the pid in one of these files is that of any
    process at all, be it a zombie or a stranger. Removing them also removes its guard
    against two servers on one cluster: so first nobody may be left in ``data``.
    """
    if not _PROC.is_dir():
        return  # no way to know who works there: leave the files to PostgreSQL
    for number, patience_s in _STEPS:
        if not _end(data, number, patience_s):
            break
    else:
        return
    for path in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def workers_in(folder: Path) -> Iterator[int]:
    """Yield the processes whose working folder is ``folder``; zombies have none."""
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                # A removed folder reads "… (deleted)" and is not ours any more.
                if os.readlink(entry / "cwd") == str(folder):
                    yield int(entry.name)
            except OSError:
                continue


def _end(data: Path, number: signal.Signals, patience_s: float) -> bool:
    """Send ``number`` to the servers in ``data``; say whether any outlived it."""
    if not (found := [*workers_in(data)]):
        return False
    for pid in found:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if not any(workers_in(data)):
            return False
        time.sleep(0.05)
    return True
