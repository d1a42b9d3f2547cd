"""One PostgreSQL and one Valkey, apart from any portal, and hosts that share them."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.faults.processes import tree, wait_until
from portal.runtime import binaries, child, postgres, valkey
from portal.runtime.account import server_account

CHECKOUT = Path(__file__).resolve().parents[1]
_READY_WITHIN_S = 180
_FOREIGN = """DATABASE_URL REDIS_URL SECRET_KEY FIELD_KEYS ALLOW_UNSAFE_DATABASE EDGE
BACKGROUND_THREADS STATIC_MANIFEST SPOOL_DIR SPOOL_MAX_BYTES PUBLIC_BASE_URL BIND
ALLOWED_HOSTS TRUSTED_PROXIES CALLBACK_MAX_BYTES DATA_DIR PORT""".split()  # noqa: SIM905  # a list of names


class Stores:
    """The servers that hosts share, safe as in production."""

    def __init__(self, folder: Path) -> None:
        account = server_account()
        sockets = folder / "sockets"
        sockets.mkdir(mode=0o700)
        postgres.give(sockets, account)
        self._cluster = postgres.Cluster(
            programs=binaries.reachable_postgres_bin(account, folder),
            data=folder / "pgdata",
            sockets=sockets,
            password=secrets.token_urlsafe(16),
            account=account,
        )
        self._valkey = folder / "valkey.sock"
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both and wait until they answer."""
        postgres.create(self._cluster)
        commands = (
            (self._cluster.command(), self._cluster.account),
            (valkey.command(data=self._folder, socket_path=self._valkey), None),
        )
        with (self._folder / "stores.log").open("ab") as log:
            for command, account in commands:
                self._processes.append(
                    child.start(
                        command,
                        env=postgres.server_env(),
                        account=account,
                        output=log.fileno(),
                    )
                )
        ready = wait_until(
            lambda: postgres.is_ready(self._cluster) and valkey.is_ready(self._valkey),
            within_s=60,
        )
        if ready is None:
            raise RuntimeError("the servers did not start: see stores.log")

    def stop(self) -> None:
        """Stop both."""
        for process in reversed(self._processes):
            process.send_signal(signal.SIGINT)
        for process in self._processes:
            process.wait(60)

    @property
    def environment(self) -> dict[str, str]:
        """Return what a host must know of them."""
        return {
            "DATABASE_URL": self._cluster.url(),
            "REDIS_URL": valkey.url(self._valkey),
        }


def keys() -> dict[str, str]:
    """Return keys that all hosts share."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


class Host:
    """One host: a data directory, a port, and all processes of the portal."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        checkout: Path = CHECKOUT,
    ) -> None:
        folder.mkdir()
        self.name = folder.name
        self.log = folder / "portal.log"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._checkout = checkout
        self._environment = {
            **{name: v for name, v in os.environ.items() if name not in _FOREIGN},
            **environment,
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "PYTHONPATH": str(checkout),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it as ``make run`` does; returns how long it took to be ready."""
        before = self.said("is ready at")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal.runtime.up", "--end-with-parent"],
                cwd=self._checkout,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        took = wait_until(
            lambda: self.said("is ready at") > before or not self.is_running(),
            within_s=_READY_WITHIN_S,
        )
        if took is None or not self.is_running():
            raise RuntimeError(
                f"{self.name} did not start: {self.log.read_text()[-2000:]}"
            )
        return took

    def is_running(self) -> bool:
        """Say whether its supervisor lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop it as ctrl-c does."""
        if self._process is not None and self.is_running():
            self._process.send_signal(signal.SIGINT)
            self._process.wait(90)

    def kill(self) -> int:
        """Kill every process of it at once, as when the power goes; returns how many."""
        assert self._process is not None  # noqa: S101  # tells the type
        pids = tree(self._process.pid)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait(30)
        return len(pids)

    def manage(self, *words: str, text: str = "") -> str:
        """Run a ``manage.py`` command of this host; returns what it said."""
        done = subprocess.run(
            [sys.executable, str(self._checkout / "manage.py"), *words],
            cwd=self._checkout,
            env=self._environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {words[0]}: {done.stderr[-1000:]}")
        return done.stdout

    def token(self) -> str:
        """Make a token of the API that reads receipts; returns it."""
        words = ("apitoken", "create", "bench", "--scopes", "receipts:read")
        return self.manage(*words).strip()

    def said(self, words: str) -> int:
        """Return how many lines of its log hold ``words``."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return sum(words in line for line in text.splitlines())

    def is_ready(self) -> bool:
        """Say whether it answers."""
        try:
            with urlopen(f"{self.url}/healthz/ready", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


class Rehearsal:
    """Stores that run, and the hosts on them."""

    def __init__(self, folder: Path, stores: Stores) -> None:
        self.folder = folder
        self.environment = {**stores.environment, **keys()}
        self.hosts: list[Host] = []

    def host(self, name: str, *, checkout: Path = CHECKOUT) -> Host:
        """Make a host of that name; whoever wants it starts it."""
        made = Host(self.folder / name, self.environment, checkout=checkout)
        self.hosts.append(made)
        return made


@contextmanager
def rehearsal(folder: Path) -> Iterator[Rehearsal]:
    """Give stores that run, and room for hosts; stop all of them afterwards."""
    stores = Stores(folder)
    made = Rehearsal(folder, stores)
    try:
        stores.start()
        yield made
    finally:
        for host in made.hosts:
            host.stop()
        stores.stop()


def say(text: str) -> None:
    """Tell of a step when it is taken."""
    print(text, flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
