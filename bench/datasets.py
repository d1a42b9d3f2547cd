"""Data sets of the benchmark's cluster: made when missing, reused when young enough."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psycopg

from bench.cluster import CHECKOUT, Server

# Searches look at the last 31 days by default: an old set would leave them empty.
_OLDEST = timedelta(days=5)
_GIB_OF_A_MILLION = 2.5


def database(receipts: int) -> str:
    """Return the name of the database with that many receipts."""
    return f"size_{receipts}"


def ensure(server: Server, receipts: int) -> str:
    """Return the address of a data set; makes it if there is none, or an old one."""
    name = database(receipts)
    if not (server.has(name) and _is_young(server.url(name))):
        need = receipts / 1_000_000 * _GIB_OF_A_MILLION
        print(f"Making {receipts:,} receipts (about {need:.1f} GiB) ...", flush=True)
        half = f"{name}_half"
        _python(server.create(half), "-m", "bench.dataset", str(receipts))
        server.drop(name)
        server.rename(half, name)
    address = server.url(name)
    _python(address, "-m", "bench.dataset", "0")  # what it is made of may be older
    return address


def _python(address: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=environment(address),
        check=True,
    )


def environment(address: str, redis: str = "unix:///nonexistent") -> dict[str, str]:
    """Return the environment of a process that works on a database of the benchmark."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "DATABASE_URL": address,
        "REDIS_URL": redis,
        "SECRET_KEY": "bench-only-0123456789-0123456789-0123456789-0123456789",
        "FIELD_KEYS": "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk=",
        "BACKGROUND_THREADS": "off",
        "STATIC_MANIFEST": "0",
        # While a set is made nothing can be lost that is not made anew.
        "ALLOW_UNSAFE_DATABASE": "1",
        "PYTHONPATH": str(CHECKOUT),
    }


def _is_young(address: str) -> bool:
    try:
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT finish FROM bench.made").fetchone()
    except psycopg.Error:
        return False
    return row is not None and datetime.now(UTC) - row[0] < _OLDEST
