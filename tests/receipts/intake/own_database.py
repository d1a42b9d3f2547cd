"""A PostgreSQL of our own, to be stopped, frozen and filled."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from portal.runtime import binaries, child, leftovers, postgres
from portal.runtime.account import server_account

# Few, so that they can be used up; three of them are for superusers only.
_SETTINGS = {**postgres.THROW_AWAY, "max_connections": "12", "shared_buffers": "16MB"}


class OwnDatabase:
    """A throw-away cluster; ``start`` and ``stop`` may follow one another."""

    def __init__(self) -> None:
        # Short: socket paths end at about 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="portal-own-"))
        self.folder.chmod(0o711)
        account = server_account()
        sockets = self.folder / "pg"
        sockets.mkdir(mode=0o700)
        postgres.give(sockets, account)
        self.cluster = postgres.Cluster(
            programs=binaries.reachable_postgres_bin(account, self.folder),
            data=self.folder / "pgdata",
            sockets=sockets,
            password="tests",
            account=account,
        )
        postgres.create(self.cluster)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server unless it runs; returns when it takes connections."""
        self.thaw()
        if self._process is None or self._process.poll() is not None:
            leftovers.clear(self.cluster.data, self.cluster.sockets)
            with (self.folder / "log").open("ab") as log:
                self._process = child.start(
                    self.cluster.command(_SETTINGS),
                    env=postgres.server_env(),
                    account=self.cluster.account,
                    output=log.fileno(),
                )
        until = time.monotonic() + 30
        while not postgres.is_ready(self.cluster):
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server: at once, unless ``how`` says otherwise."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)

    def freeze(self) -> None:
        """Stop every process of the server in its tracks; sockets stay open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the processes go on."""
        self._signal(signal.SIGCONT)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Freeze for a while."""
        self.freeze()
        try:
            yield
        finally:
            self.thaw()

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection of the superuser, in autocommit."""
        return psycopg.connect(self.cluster.url(), autocommit=True)

    def execute(self, *statements: str) -> None:
        """Execute statements as the superuser, each by itself."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.thaw()
        self.stop(signal.SIGKILL)
        leftovers.clear(self.cluster.data, self.cluster.sockets)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        for pid in leftovers.workers_in(self.cluster.data):
            with suppress(ProcessLookupError):  # one may end on its own meanwhile
                os.kill(pid, number)
