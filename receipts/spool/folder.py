"""Where the spool's files lie, and who may touch them: one at a time.

A file is never renamed and its name is never used again: SQLite removes a file's
companions by name when its last user lets go. One that is found damaged stays, with a
marker beside it, and a new file takes over.

SpoolError
├── Full         SPOOL_MAX_BYTES are reached, or the disk is full
├── Damaged      the file is no sound database any more
└── Unwritable   anything else that the system says
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SpoolError(Exception):
    """The spool does not take, or does not give."""


class Full(SpoolError):
    """There is no room left; nothing of what is there is ever dropped for it."""


class Damaged(SpoolError):
    """A file, or what was read from it, is not what was written."""


class Unwritable(SpoolError):
    """The spool cannot be used; the text is the system's reason."""


@contextmanager
def alone(folder: Path, name: str = "lock", *, waits: bool = True) -> Iterator[bool]:
    """Hold the folder's lock ``name``; gives False if ``waits`` is off and it is taken.

    The kernel lets go of it when its holder dies. Makes the folder if there is none.
    Raises ``Unwritable``.
    """
    handle = _open(folder, name)
    try:
        yield _take(handle, waits=waits)
    finally:
        os.close(handle)


def sound_files(folder: Path) -> list[Path]:
    """Return the files that are not marked as damaged, oldest first."""
    return [path for path in _files(folder) if not marker(path).exists()]


def damaged_files(folder: Path) -> list[Path]:
    """Return the files that are marked as damaged, oldest first."""
    return [path for path in _files(folder) if marker(path).exists()]


def create(folder: Path) -> Path:
    """Create an empty file that only we can read. Call while alone."""
    path = folder / f"spool-{time.time_ns():020}.sqlite3"
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    sync(folder)
    return path


def mark(path: Path, reason: str, *, kind: str = "damaged") -> None:
    """Put a marker beside a file, with the reason in it. Call while alone."""
    handle = os.open(marker(path, kind), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{reason}\n")
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def marker(path: Path, kind: str = "damaged") -> Path:
    """Return where the marker of a file stands."""
    return path.with_suffix(f".{kind}")


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("spool-*.sqlite3"))


def _open(folder: Path, name: str) -> int:
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync(folder.parent)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        raise Unwritable(exc.strerror or str(exc)) from exc


def _take(handle: int, *, waits: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
