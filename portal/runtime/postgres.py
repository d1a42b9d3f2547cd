"""The life of an embedded PostgreSQL cluster: create, clean up, start, ready."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from portal.runtime.account import Account
from portal.runtime.problems import Impossible

USER = DATABASE = "portal"
_SETTINGS = {
    "listen_addresses": "",  # Unix socket only: no port to clash, none to reach
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "shared_preload_libraries": "pg_stat_statements",
}
_STATUS_LINE = 7  # of postmaster.pid, see PostgreSQL's miscadmin.h
# Unsafe on purpose: a test cluster lives for one run.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One cluster: its programs, its data folder, its socket folder, its owner."""

    programs: Path
    data: Path
    sockets: Path
    password: str
    account: Account | None = None

    def url(self, database: str = DATABASE) -> str:
        """Return the address of ``database`` as a URL."""
        return url(self.sockets, self.password, database=database)

    def command(self, extra: Mapping[str, str] | None = None) -> list[str]:
        """Return the command line of the server."""
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self.sockets),
            **(extra or {}),
        }
        flags = [part for k, v in settings.items() for part in ("-c", f"{k}={v}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *flags]


def url(sockets: Path, password: str, *, database: str = DATABASE) -> str:
    """Return the address of ``database`` on the server that listens in ``sockets``."""
    where = quote(str(sockets), safe="/")
    return f"postgresql://{USER}:{quote(password, safe='')}@/{database}?host={where}"


def create(cluster: Cluster) -> None:
    """Create the cluster if there is none; an interrupted creation leaves nothing."""
    if (cluster.data / "PG_VERSION").exists():
        return
    half = cluster.data.with_name(f"{cluster.data.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    password = half / "password"
    password.touch(mode=0o600)
    password.write_text(cluster.password)
    give(half, cluster.account)
    give(password, cluster.account)
    _run_initdb(cluster, half / "data", password)
    (half / "data").rename(cluster.data)
    shutil.rmtree(half)


def give(path: Path, account: Account | None) -> None:
    """Make ``account`` the owner of ``path``."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def is_ready(cluster: Cluster) -> bool:
    """Say whether the server answers; creates our database the first time."""
    if not _says_ready(cluster.data / "postmaster.pid"):
        return False  # asking earlier would only fill its log
    try:
        # The server's own database: ours is made here.
        with psycopg.connect(
            cluster.url("postgres"), autocommit=True, connect_timeout=2
        ) as connection:
            _create_database(connection)
    except psycopg.OperationalError:
        return False
    return True


def server_env() -> dict[str, str]:
    """Return the little environment the server's programs need; no locale, no home."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _says_ready(pid_file: Path) -> bool:
    try:
        return pid_file.read_text().splitlines()[_STATUS_LINE].strip() == "ready"
    except (FileNotFoundError, IndexError):
        return False


def _create_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    found = connection.execute(
        "select 1 from pg_database where datname = %s", [DATABASE]
    ).fetchone()
    if found is None:
        connection.execute(f"create database {DATABASE}")


def _run_initdb(cluster: Cluster, folder: Path, password: Path) -> None:
    account = cluster.account
    done = subprocess.run(
        _initdb(cluster.programs, folder, password),
        env=server_env(),
        cwd="/" if account else None,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise Impossible(
            f"PostgreSQL could not create its files in {cluster.data.parent}: "
            f"{' '.join(said)}"
        )


def _initdb(programs: Path, folder: Path, password: Path) -> Sequence[str]:
    # The builtin provider needs neither an OS locale nor ICU.
    return [
        *(str(programs / "initdb"), "-D", str(folder), "-U", USER),
        *("--auth=scram-sha-256", f"--pwfile={password}", "-E", "UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ]
