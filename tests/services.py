"""pytest plugin: real throw-away servers for the run, where no URLs are given.

Started once, in the controller; xdist workers inherit the addresses by environment.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from portal.runtime import binaries, child, postgres, valkey
from portal.runtime.account import server_account

_FIXED = {
    "BACKGROUND_THREADS": "off",
    "SECRET_KEY": "tests-only-0123456789-0123456789-0123456789-0123456789",
    "FIELD_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "ALLOW_UNSAFE_DATABASE": "1",
    "STATIC_MANIFEST": "0",
}
_PREFIX = "portal-tests-"
_HERE = pytest.StashKey[list[Callable[[], object]]]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment before pytest-django loads the settings."""
    undo: list[Callable[[], object]] = []
    early_config.stash[_HERE] = undo
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ["REDIS_URL"] = _own_redis_database(os.environ["REDIS_URL"])
    else:
        _set_environment(undo)
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started, newest first, and remove its files."""
    undo: list[Callable[[], object]] = config.stash.get(_HERE, [])
    for step in reversed(undo):
        step()


def _set_environment(undo: list[Callable[[], object]]) -> None:
    # Short and not below the checkout: socket paths end at about 107 bytes.
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    undo.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    folder.chmod(0o711)
    # As collectstatic leaves it; whitenoise warns when it is missing.
    (folder / "data" / "static").mkdir(parents=True)
    for name, value in {**_FIXED, "DATA_DIR": str(folder / "data")}.items():
        os.environ.setdefault(name, value)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _start_postgres(folder, undo)
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = _start_valkey(folder, undo)


def _remove_leftovers() -> None:
    """Remove the folders of runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def _start_postgres(folder: Path, undo: list[Callable[[], object]]) -> str:
    account = server_account()
    sockets = folder / "pg"
    sockets.mkdir(mode=0o700)
    postgres.give(sockets, account)
    cluster = postgres.Cluster(
        programs=binaries.reachable_postgres_bin(account, folder),
        data=folder / "pgdata",
        sockets=sockets,
        password="tests",
        account=account,
    )
    postgres.create(cluster)
    command = cluster.command({**postgres.THROW_AWAY, "max_connections": "200"})
    process = _start(command, folder / "postgres.log", cluster)
    undo.append(lambda: _stop(process))
    _wait(process, lambda: postgres.is_ready(cluster), folder / "postgres.log")
    return cluster.url()


def _start_valkey(folder: Path, undo: list[Callable[[], object]]) -> str:
    path = folder / "valkey.sock"
    command = valkey.command(data=folder, socket_path=path, is_durable=False)
    process = _start(command, folder / "valkey.log")
    undo.append(lambda: _stop(process))
    _wait(process, lambda: valkey.is_ready(path), folder / "valkey.log")
    return valkey.url(path)


def _start(
    command: Sequence[str], log: Path, cluster: postgres.Cluster | None = None
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return child.start(
            command,
            env=postgres.server_env(),
            account=cluster.account if cluster else None,
            output=output.fileno(),
        )


def _wait(
    process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path
) -> None:
    until = time.monotonic() + 30
    while not is_ready():
        if process.poll() is not None or time.monotonic() > until:
            raise pytest.UsageError(f"A test server did not start: {log.read_text()}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Nothing of a throw-away server is worth a clean shutdown.
    child.signal_group(process, signal.SIGKILL)
    process.wait()


def _own_redis_database(url: str) -> str:
    """Give each xdist worker a database number of its own, as pytest-django does."""
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1
    parts = urlsplit(url)
    if parts.scheme != "unix":
        base = int(parts.path.strip("/") or 0)
        return urlunsplit(parts._replace(path=f"/{base + number}"))
    query = parse_qs(parts.query)
    base = int(query.get("db", ["0"])[0])
    # Not urlunsplit: it drops the empty host of unix:///path.
    return f"unix://{parts.path}?{urlencode({'db': base + number})}"
