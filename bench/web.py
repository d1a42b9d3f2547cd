"""Web servers under test: the product's own server around any WSGI application."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import msgspec

from bench.cluster import CHECKOUT
from bench.faults.processes import tree
from bench.load import Pushed, Target, Wish
from portal.runtime import processes

_TICKS = os.sysconf("SC_CLK_TCK")
_READY_WITHIN_S = 60
_ENDS_WITHIN_S = 15


class NotStarted(Exception):
    """A server ended or said nothing; the message holds its last words."""


class Web(msgspec.Struct, frozen=True, kw_only=True):
    """A server that answers."""

    name: str
    pid: int
    port: int
    path: str

    def cpu_seconds(self) -> float:
        """Return what its processes have used of the processors so far."""
        return sum(map(cpu_seconds, tree(self.pid)))

    def push(self, wish: Wish) -> Pushed:
        """Push to it from a process of its own."""
        target = Target(port=self.port, path=self.path)
        told = subprocess.run(
            [
                *(sys.executable, "-m", "bench.load"),
                msgspec.json.encode(target).decode(),
                msgspec.json.encode(wish).decode(),
            ],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        return msgspec.json.decode(told, type=Pushed)


@contextmanager
def python_server(
    name: str, module: str, *, path: str, env: Mapping[str, str], folder: Path
) -> Iterator[Web]:
    """Serve a WSGI application in the block, as the product's door is served."""
    port = free_port()
    command = processes._granian(
        f"{module}:application", ("--host", "127.0.0.1", "--port", str(port))
    )
    with server(name, command, port=port, path=path, env=env, folder=folder) as web:
        yield web


@contextmanager
def server(
    name: str,
    command: Sequence[str],
    *,
    port: int,
    path: str,
    env: Mapping[str, str],
    folder: Path,
) -> Iterator[Web]:
    """Run a server in the block; it is ready when it answers anything at all."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            list(command),
            cwd=CHECKOUT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, folder / f"{name}.log")
        yield Web(name=name, pid=process.pid, port=port, path=path)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a server and its whole group: a shell may end before what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + _ENDS_WITHIN_S
    while time.monotonic() < until:
        process.poll()
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > until:
            raise NotStarted(log.read_text()[-500:])
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz/ingest", timeout=2):
            return True
    except URLError as exc:
        return hasattr(exc, "code")
    except OSError:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and of children that have ended."""
    with suppress(OSError):
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, after[11:15])) / _TICKS
    return 0.0


def pss_kib(pid: int) -> int:
    """Return the memory of a process, what is shared counted in parts."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
