"""The benchmark's own PostgreSQL: the embedded one, in a folder that is reused.

Durable by default. Databases: one of each size, and throw-away ones.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from portal.runtime import binaries, child, layout, leftovers, postgres
from portal.runtime.account import server_account
from portal.runtime.stores import can_enter

CHECKOUT = Path(__file__).resolve().parents[1]
# Only files can be lost that are made anew from nothing.
QUICK = {**postgres.THROW_AWAY, "max_wal_size": "8GB"}
_STARTS_WITHIN_S = 300


class Server:
    """A running cluster and its databases."""

    def __init__(self, cluster: postgres.Cluster, process_id: int) -> None:
        self.cluster = cluster
        self.process_id = process_id

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return self.cluster.url(database)

    def has(self, database: str) -> bool:
        """Say whether there is such a database."""
        with self._connect() as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(asked, [database]).fetchone() is not None

    def create(self, database: str) -> str:
        """Make an empty database in the place of any before; return its address."""
        self.drop(database)
        with self._connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
            )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    sql.Identifier(database)
                )
            )

    def rename(self, database: str, name: str) -> None:
        """Give a database another name."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(database), sql.Identifier(name)
                )
            )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url("postgres"), autocommit=True)


def folder() -> Path:
    """Return where the benchmark keeps its data: ``BENCH_DIR``, else ``.data/bench``."""
    chosen = os.environ.get("BENCH_DIR")
    return Path(chosen).resolve() if chosen else CHECKOUT / ".data" / "bench"


@contextmanager
def running(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run the cluster in the block; ``settings`` are added to the product's own."""
    account = server_account()
    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    for each in (home, home.parent):
        if account is not None and each != CHECKOUT:
            each.chmod(each.stat().st_mode | 0o011)
    if not can_enter(account, home):
        raise SystemExit(f"PostgreSQL's account cannot enter {home}: set BENCH_DIR.")
    sockets = layout.socket_folder(home) / "pg"
    postgres.give(sockets, account)
    cluster = postgres.Cluster(
        programs=binaries.reachable_postgres_bin(account, home / "programs"),
        data=home / "pg18",
        sockets=sockets,
        password="bench",  # noqa: S106  # behind a socket that only we may use
        account=account,
    )
    process = None
    try:
        process = _start(cluster, home / "postgres.log", settings or {})
        yield Server(cluster, process.pid)
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(_STARTS_WITHIN_S)


def _start(
    cluster: postgres.Cluster, log: Path, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    postgres.create(cluster)
    leftovers.clear(cluster.data, cluster.sockets)
    with log.open("ab") as output:
        process = child.start(
            cluster.command(settings),
            env=postgres.server_env(),
            account=cluster.account,
            death_signal=signal.SIGINT,
            output=output.fileno(),
        )
    until = time.monotonic() + _STARTS_WITHIN_S
    while not postgres.is_ready(cluster):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"PostgreSQL did not start: see {log}.")
        time.sleep(0.05)
    return process


def serve() -> int:
    """Run the cluster until it is interrupted: to look at what was measured."""
    with running() as server:
        print(server.url("size_1000000"), flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    raise SystemExit(serve())
