"""Makes .venv from the lock files, with nothing but the standard library.

Installs only when a lock file differs from what the stamp in .venv says.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
STAMP = VENV / "installed"
LOG = VENV / "install.log"
PYTHON = VENV / "bin/python"
NO_NETWORK = ("Connection", "resolution", "Retrying", "No matching distribution")


class Problem(Exception):
    """A set-up that cannot succeed; the text says what to do."""


def main(names: list[str]) -> int:
    """Make sure that everything of the named lock files is installed."""
    try:
        with one_at_a_time():
            make_ready(names)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(
            f"{error.filename} cannot be written: run this in a checkout you own.",
            file=sys.stderr,
        )
        return 1
    return 0


def make_ready(names: list[str]) -> None:
    """Make the environment if there is none that works, then install what is missing."""
    if not is_usable():
        make_venv()
    wanted = {name: checksum(name) for name in names}
    kept = read_stamp()
    if wanted.items() <= kept.items():
        return
    STAMP.unlink(missing_ok=True)
    install(names)
    # A lock that was not asked for today may have another version of a shared package.
    write_stamp(wanted)


def is_usable() -> bool:
    """Say whether .venv was made here and its Python still runs."""
    return (
        PYTHON.exists()
        and (VENV / "made-in").is_file()
        and (VENV / "made-in").read_text() == str(VENV)
        and any(VENV.glob("lib/python3*/site-packages/pip/__init__.py"))
        and run([str(PYTHON), "-I", "-S", "-c", "pass"]) == 0
    )


def make_venv() -> None:
    """Make .venv anew."""
    if VENV.is_symlink():
        raise Problem(
            "The link .venv leads to an environment that was made for another folder, "
            "and to make it anew would empty that one: remove the link."
        )
    if not importlib.util.find_spec("ensurepip") or not importlib.util.find_spec(
        "venv"
    ):
        raise Problem(
            "Python has no venv here: install it (Debian and Ubuntu: "
            "apt install python3-venv) and run this again."
        )
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    code = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if code != 0:
        raise Problem(
            "The virtual environment could not be made: install python3-venv "
            "(Debian and Ubuntu: apt install python3-venv) or free disk space."
        )
    (VENV / "made-in").write_text(str(VENV))


def install(names: list[str]) -> None:
    """Install the named lock files; pip's own words go to a log, shown on failure."""
    files = [part for name in names for part in ("-r", str(lock_file(name)))]
    count = sum(lock_file(name).read_text().count("==") for name in names)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar=off", "--require-hashes", *files]
    say(f"Installing up to {count} packages from requirements/ (about a minute) ...")
    with LOG.open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        show_progress(process, log.fileno())
    if process.returncode != 0:
        raise Problem(explain())
    add_checkout_to_path()


def show_progress(process: "subprocess.Popen[bytes]", log: int) -> None:
    """Copy pip's lines to the log and show how far it is."""
    began = shown = time.monotonic()
    seen = 0
    for line in process.stdout or ():
        os.write(log, line)
        seen += line.startswith(b"Collecting ")
        if line.startswith(b"Installing collected"):
            say(f"  {time.monotonic() - began:3.0f} s: unpacking")
            seen = 0  # what pip says from here on is no progress
        elif seen and time.monotonic() - shown > 3:
            shown = time.monotonic()
            say(f"  {shown - began:3.0f} s: {seen} packages fetched")
    process.wait()


def explain() -> str:
    """Say in one sentence what the installer's log is about, after its last lines."""
    lines = LOG.read_text(errors="replace").strip().splitlines()
    print("\n".join(lines[-12:]), file=sys.stderr)
    if any(word in line for line in lines for word in NO_NETWORK):
        return (
            "The packages could not be fetched: check the network, or the package "
            f"index that pip is set to, and run this again (log: {LOG})."
        )
    return f"The packages could not be installed: see {LOG}, then run this again."


def add_checkout_to_path() -> None:
    """Let every tool of .venv import the checkout, wherever it is started."""
    for folder in (VENV / "lib").glob("python3*/site-packages"):
        (folder / "receipt-portal.pth").write_text(f"{CHECKOUT}\n")


def lock_file(name: str) -> Path:
    """Return the path of a lock file."""
    return CHECKOUT / "requirements" / f"{name}.txt"


def checksum(name: str) -> str:
    """Return the checksum of a lock file."""
    return hashlib.sha256(lock_file(name).read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    """Return which lock files were installed, with their checksums."""
    if not STAMP.exists():
        return {}
    return dict(line.split() for line in STAMP.read_text().splitlines())


def write_stamp(installed: dict[str, str]) -> None:
    """Note what was installed; only what this run has verified."""
    STAMP.write_text("".join(f"{name} {sha}\n" for name, sha in installed.items()))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let `make run` and `make test` of one checkout set up one after the other."""
    folder = os.open(CHECKOUT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def run(command: Iterable[str]) -> int:
    """Run quietly; return the exit status."""
    return subprocess.run([*command], capture_output=True, check=False).returncode


def say(text: str) -> None:
    """Show progress."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
