"""PostgreSQL's own programs: where they are, and how they reach our database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.db import connection

from portal.backup.problems import NotPossible
from portal.runtime import binaries
from portal.runtime.problems import Impossible

_ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def program(name: str) -> str:
    """Return a program that is no older than the server. Raises ``NotPossible``."""
    server = server_major()
    seen = []
    for path in _candidates(name):
        major = _major(path)
        if major >= server:
            return str(path)
        seen.append(f"{path} is of {major}")
    told = "; ".join(seen) or "none was found"
    raise NotPossible(
        f"{name} of PostgreSQL {server} or later is needed ({told}): install "
        "requirements/embedded.txt, or set PORTAL_PG_BIN to its folder."
    )


def _candidates(name: str) -> Iterator[Path]:
    try:
        embedded = binaries.postgres_bin() / name
        if embedded.exists():
            yield embedded
    except Impossible:
        pass  # an own server needs no embedded one
    if found := shutil.which(name):
        yield Path(found)


def _major(path: Path) -> int:
    told = subprocess.run(  # noqa: S603  # a program of the server
        [str(path), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(re.findall(r"\d+", told)[0])


def server_major() -> int:
    """Return the major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        return int(cursor.fetchone()[0]) // 10_000


def environment() -> dict[str, str]:
    """Return the environment in which a program reaches our database."""
    given: Mapping[str, object] = connection.get_connection_params()
    named = {
        variable: str(given[name])
        for name, variable in _ENVIRONMENT.items()
        if given.get(name)
    }
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **named}


def run(command: Sequence[str], what: str) -> None:
    """Run a program to its end. Raises ``NotPossible`` with its last words."""
    done = subprocess.run(  # noqa: S603  # a program of the server
        list(command), env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotPossible(f"{what} failed: {last_words(done.stderr)}")


def last_words(text: str) -> str:
    """Return the end of what a program said, in one line."""
    return " / ".join(line.strip() for line in text.strip().splitlines()[-3:])
