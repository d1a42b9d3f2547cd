"""The counts of this host's processes on disk: one file each, replaced as a whole.

A process holds a lock beside its file for as long as it lives. Counts of those that
are gone are added up in one file, so that a counter never falls.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from receipts.metering.catalogue import COUNTED, Sort
from receipts.metering.meter import Row, summed

_GAUGES = frozenset(each.name for each in COUNTED if each.sort is Sort.GAUGE)


class Counts(msgspec.Struct, kw_only=True):
    """What one file holds; of the gone also whose counts are in it already."""

    process: str
    rows: list[Row]
    is_alive: bool = False
    merged: list[str] = []


_decode = msgspec.msgpack.Decoder(Counts).decode
_encode = msgspec.msgpack.Encoder().encode


class Own:
    """The file of this process; its lock tells others that we live."""

    def __init__(self, folder: Path, process: str) -> None:
        """Raise ``OSError`` where no file can be made."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._process = process
        name = f"{process}-{os.getpid()}-{secrets.token_hex(4)}"
        self._file = folder / f"{name}.counts"
        self._lock = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def save(self, rows: list[Row]) -> None:
        """Replace the file. Raises ``OSError``."""
        _write(self._file, Counts(process=self._process, rows=rows))

    def is_there(self) -> bool:
        """Say whether nobody has removed the file."""
        return self._file.exists()

    def leave(self) -> None:
        """Let go of the lock in a child that was forked: it is its parent's."""
        os.close(self._lock)


def read(folder: Path) -> list[Counts]:
    """Return what all processes of this host have counted; the gone come first."""
    gone = _gone(folder)
    found = [gone]
    for path in sorted(folder.glob("*.counts")):
        counts = _read(path) if path.stem not in gone.merged else None
        if counts is None:
            continue
        counts.is_alive = not _is_free(path)
        if not counts.is_alive:
            counts.rows = _lasting(counts.rows)
        found.append(counts)
    return found


def merge_gone(folder: Path) -> None:
    """Add the counts of processes that are gone to one file. Raises ``OSError``."""
    with _only_one(folder) as is_ours:
        if not is_ours:
            return
        gone = _gone(folder)
        dead = [path for path in folder.glob("*.counts") if _is_free(path)]
        fresh = [path for path in dead if path.stem not in gone.merged]
        rows = [row for path in fresh for row in _rows(path)]
        # Named before they are removed: whoever dies in between counts none twice.
        merged = sorted({path.stem for path in dead})
        if fresh:
            rows = summed([*gone.rows, *_lasting(rows)])
            _write(folder / "gone", Counts(process="gone", rows=rows, merged=merged))
        for path in dead:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)


def _rows(path: Path) -> list[Row]:
    counts = _read(path)
    return counts.rows if counts else []


def _lasting(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.name not in _GAUGES]


def _gone(folder: Path) -> Counts:
    return _read(folder / "gone") or Counts(process="gone", rows=[])


def _read(path: Path) -> Counts | None:
    try:
        return _decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None  # merged meanwhile, or of a release with another form


def _write(path: Path, counts: Counts) -> None:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(_encode(counts))
        half.chmod(0o600)
        half.replace(path)
    except OSError:
        with suppress(OSError):
            half.unlink()
        raise


def _is_free(path: Path) -> bool:
    """Say whether nobody holds the lock beside ``path``: its process is gone."""
    try:
        handle = os.open(path.with_suffix(".lock"), os.O_RDWR)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


@contextmanager
def _only_one(folder: Path) -> Iterator[bool]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "merging", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_locked(handle)
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
