"""Under which account PostgreSQL runs: it refuses root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from portal.runtime.problems import Impossible

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A login account that children are started as."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Return the account for PostgreSQL when we are root, else None: our own.

    Raises ``Impossible`` where no account can be used; initdb wants a name for its uid.
    """
    if os.geteuid() != 0:
        _require_own_name()
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise Impossible(
        "PostgreSQL does not run as root and there is no account 'postgres' or "
        "'nobody': start the portal as an ordinary user or set DATABASE_URL."
    )


def can_read(account: Account | None, path: Path, *, must_list: bool = True) -> bool:
    """Say whether ``account`` can reach ``path`` and run it (a folder: enter it)."""
    if account is None:
        return os.access(path, os.R_OK | os.X_OK)
    # Asked of the kernel, so that every parent folder counts; no shell, no PATH.
    test = 'test -x "$0"' + (' && test -r "$0"' if must_list else "")
    asked = subprocess.run(
        ["/bin/sh", "-c", test, str(path)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def _require_own_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Impossible(
            f"User id {os.geteuid()} has no name on this machine, which PostgreSQL "
            "needs: add a passwd entry for it or set DATABASE_URL."
        ) from None
