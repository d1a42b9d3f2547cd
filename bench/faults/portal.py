"""The portal under test: as ``make run`` starts it, in a folder and on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.faults.processes import children, name_of, tree, wait_until

_CHECKOUT = Path(__file__).resolve().parents[2]
_READY_WITHIN_S = 120
# What a caller (a test run, a shell) may have set for another portal.
_FOREIGN = """DATABASE_URL REDIS_URL SECRET_KEY FIELD_KEYS ALLOW_UNSAFE_DATABASE EDGE
BACKGROUND_THREADS STATIC_MANIFEST SPOOL_DIR SPOOL_MAX_BYTES PUBLIC_BASE_URL BIND
ALLOWED_HOSTS TRUSTED_PROXIES CALLBACK_MAX_BYTES""".split()  # noqa: SIM905  # a list of names


class NotReady(Exception):
    """The portal did not start; the message ends with what it said."""


class Portal:
    """One portal; ``start`` and ``stop`` may follow one another."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "portal.log"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def prepare_environment(self) -> None:
        """Make this very process see the portal as its ``manage.py`` would."""
        for name in _FOREIGN:
            os.environ.pop(name, None)
        os.environ.update(DATA_DIR=str(self.data), PORT=str(self.port))

    def launch(self, extra: Mapping[str, str] | None = None) -> None:
        """Start without waiting."""
        env = {name: v for name, v in os.environ.items() if name not in _FOREIGN}
        env |= {"DATA_DIR": str(self.data), "PORT": str(self.port)}
        env |= {**self._environment, **(extra or {})}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.faults.launch", "--end-with-parent"],
                cwd=_CHECKOUT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self, extra: Mapping[str, str] | None = None) -> float:
        """Start and wait until it is ready; returns how long that took."""
        before = self.lines("is ready at")
        self.launch(extra)
        took = wait_until(
            lambda: self.lines("is ready at") > before or not self.is_running(),
            within_s=_READY_WITHIN_S,
        )
        if took is None or not self.is_running():
            self.stop()
            raise NotReady("\n".join(self.said()[-15:]))
        return took

    def reload(self) -> None:
        """Have new processes take the place of those for the web."""
        assert self._process is not None  # noqa: S101  # tells the type
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> int | None:
        """Stop it as ctrl-c does; returns its exit status."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            return process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()  # the kernel ends its children with it
            return process.wait()

    def wait_ended(self, within_s: float) -> int | None:
        """Return the exit status of a portal that ends by itself."""
        assert self._process is not None  # noqa: S101  # tells the type
        return self._process.wait(within_s)

    def is_running(self) -> bool:
        """Say whether the supervisor lives."""
        return self._process is not None and self._process.poll() is None

    def pids(self) -> dict[str, int]:
        """Return the process id of each service, by the supervisor's name."""
        assert self._process is not None  # noqa: S101  # tells the type
        named = {name_of(pid): pid for pid in children(self._process.pid)}
        return {name: pid for name, pid in named.items() if name}

    def pid(self, name: str) -> int:
        """Return the process id of a service, waiting for one that is being restarted."""
        found: list[int] = []

        def find() -> bool:
            found.extend(pid for one, pid in self.pids().items() if one == name)
            return bool(found)

        if wait_until(find, within_s=15) is None:
            raise LookupError(f"{name} does not run")
        return found[-1]

    def workers(self, name: str) -> list[int]:
        """Return the direct children of a service."""
        return children(self.pid(name))

    def whole(self, name: str) -> list[int]:
        """Return a service and all its descendants."""
        return tree(self.pid(name))

    def status(self, path: str) -> int:
        """Return what a path answers now, 0 for no answer."""
        try:
            with urlopen(f"{self.url}/{path}", timeout=3) as answer:  # noqa: S310  # ours
                return int(answer.status)
        except URLError as exc:
            return int(getattr(exc, "code", 0))
        except OSError:
            return 0

    def said(self) -> list[str]:
        """Return the lines of the portal so far."""
        return self.log.read_text(errors="replace").splitlines()

    def lines(self, words: str) -> int:
        """Return how many lines hold ``words``."""
        return sum(words in line for line in self.said()) if self.log.exists() else 0


def set_up_django() -> None:
    """Let this process use the models of a portal that runs: settings look for it."""
    import django  # not to be imported earlier

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
