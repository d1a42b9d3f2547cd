"""One file of the spool: SQLite in WAL mode, synced at every commit."""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

from receipts.spool import folder as folders
from receipts.spool.folder import Damaged, Full, Unwritable
from receipts.spool.records import Row, checksum

_SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, spooled_at REAL, checksum BLOB, content BLOB
);
CREATE TABLE IF NOT EXISTS aside (seq INTEGER PRIMARY KEY, found_at REAL, reason TEXT);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, at REAL);
"""
_PRAGMAS = (
    "auto_vacuum=INCREMENTAL",
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=256",  # pages: its log takes room beside what is allowed
    "cell_size_check=ON",
)
_ADD = "INSERT INTO delivery (spooled_at, checksum, content) VALUES (?, ?, ?)"
_OLDEST = (
    "SELECT seq, checksum, content FROM delivery WHERE seq > ? "
    "AND seq NOT IN (SELECT seq FROM aside) ORDER BY seq LIMIT ?"
)
_NOTE = "INSERT OR REPLACE INTO note VALUES (?, ?)"
_WAITING = "FROM delivery WHERE seq NOT IN (SELECT seq FROM aside) ORDER BY seq"
_SPAN = (
    f"WITH first AS (SELECT seq, spooled_at {_WAITING} LIMIT 1), "  # noqa: S608
    f"last AS (SELECT seq {_WAITING} DESC LIMIT 1) SELECT first.spooled_at, "
    # Loaded in order: what is left has no gaps but what stands aside.
    "last.seq - first.seq + 1 - (SELECT count(*) FROM aside "
    "WHERE seq BETWEEN first.seq AND last.seq) FROM first, last"
)
_IS_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """How much is in a file. ``oldest_at`` is a Unix time, None when nothing waits."""

    rows: int
    bytes: int
    oldest_at: float | None
    aside: int


class SpoolFile:
    """One file; every call is alone in the folder while it lasts.

    Every call raises ``Full``, ``Damaged`` or ``Unwritable``. A file that SQLite calls
    damaged is marked so.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._opened: sqlite3.Connection | None = None
        self._inode = 0

    def add(self, contents: Iterable[bytes]) -> None:
        """Add rows and sync them; without any, prove that it could be done."""
        now = time.time()
        rows = [(now, checksum(one), one) for one in contents]
        with self._alone() as file, file:
            file.execute("BEGIN IMMEDIATE")
            file.executemany(_ADD, rows)
            if not rows:
                file.execute(_NOTE, ("could be written", now))

    def oldest(self, count: int, size: int, *, after: int = 0) -> list[Row]:
        """Return rows in their order: ``count`` at most, about ``size`` bytes."""
        rows: list[Row] = []
        with self._alone() as file:
            for seq, found, content in file.execute(_OLDEST, (after, count)):
                rows.append(Row(seq=seq, checksum=found, content=content))
                size -= rows[-1].size
                if size <= 0:
                    break
        return rows

    def forget(self, seqs: Sequence[int]) -> None:
        """Remove rows that are safe elsewhere."""
        with self._alone() as file, file:
            file.execute("BEGIN IMMEDIATE")
            file.executemany("DELETE FROM delivery WHERE seq = ?", [(s,) for s in seqs])

    def discard(self, last: int) -> bool:
        """Remove the whole file if it holds nothing after row ``last``, and none aside.

        Needs no room, as ``forget`` does.
        """
        with self._alone() as file:
            found = file.execute(
                "SELECT EXISTS (SELECT 1 FROM delivery WHERE seq > ?) "
                "OR EXISTS (SELECT 1 FROM aside)",
                (last,),
            )
            if found.fetchone()[0]:
                return False
            for path in self.path.parent.glob(f"{self.path.name}*"):
                path.unlink()
            folders.sync(self.path.parent)
        self.leave()
        return True

    def put_aside(self, seq: int, reason: str) -> None:
        """Keep a row that nobody can load out of the way of the others."""
        with self._alone() as file, file:
            file.execute("BEGIN IMMEDIATE")
            row = (seq, time.time(), reason[:500])
            file.execute("INSERT OR REPLACE INTO aside VALUES (?, ?, ?)", row)

    def put_back(self) -> int:
        """Let everything that was put aside be tried again; returns how many."""
        with self._alone() as file, file:
            return file.execute("DELETE FROM aside").rowcount

    def aside(self) -> list[tuple[int, str]]:
        """Return number and reason of the rows that were put aside."""
        with self._alone() as file:
            return file.execute("SELECT seq, reason FROM aside ORDER BY seq").fetchall()

    def note(self, name: str) -> None:
        """Note that something happened just now."""
        with self._alone() as file, file:
            file.execute("BEGIN IMMEDIATE")
            file.execute(_NOTE, (name, time.time()))

    def noted_at(self, name: str) -> float | None:
        """Return the Unix time of the last note of that name."""
        with self._alone() as file:
            found = file.execute("SELECT at FROM note WHERE name = ?", (name,))
            row = found.fetchone()
            return float(row[0]) if row else None

    def rows_aside(self) -> list[Row]:
        """Return the rows that were put aside."""
        with self._alone() as file:
            found = file.execute(
                "SELECT seq, checksum, content FROM delivery "
                "WHERE seq IN (SELECT seq FROM aside) ORDER BY seq"
            ).fetchall()
        return [Row(seq=seq, checksum=told, content=c) for seq, told, c in found]

    def forget_aside(self, seqs: Sequence[int]) -> None:
        """Remove rows that were put aside, for good."""
        with self._alone() as file, file:
            file.execute("PRAGMA secure_delete = ON").fetchall()
            file.execute("BEGIN IMMEDIATE")
            for seq in seqs:
                file.execute("DELETE FROM aside WHERE seq = ?", (seq,))
                file.execute("DELETE FROM delivery WHERE seq = ?", (seq,))

    def contents(self) -> Contents:
        """Return how much is in it, without reading it all."""
        with self._alone() as file:
            oldest_at, rows = file.execute(_SPAN).fetchone() or (None, 0)
            aside = file.execute("SELECT count(*) FROM aside").fetchone()[0]
            pages, free = _number(file, "page_count"), _number(file, "freelist_count")
            size = (pages - free) * _number(file, "page_size")
            return Contents(rows=rows, bytes=size, oldest_at=oldest_at, aside=aside)

    def check(self) -> None:
        """Read all of it for flaws that reading rows would not show, and mark it so.

        Nobody has to wait meanwhile.
        """
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as file:
            try:
                flaws = file.execute("PRAGMA quick_check(5)").fetchall()
            except sqlite3.DatabaseError as exc:
                flaws = [(str(exc),)]
        if flaws != [("ok",)]:
            reason = "; ".join(str(flaw[0]) for flaw in flaws)[:500]
            with folders.alone(self.path.parent):
                folders.mark(self.path, reason)
            raise Damaged(reason)

    def settle(self) -> None:
        """Bring what was written into the main file, and give free room back."""
        with self._alone() as file:
            if not file.execute("SELECT EXISTS (SELECT 1 FROM delivery)").fetchone()[0]:
                # A script: only that goes on beyond the first page.
                file.executescript("PRAGMA incremental_vacuum")
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def is_current(self) -> bool:
        """Say whether the file is still there, the same, and not marked as damaged."""
        try:
            found = os.stat(self.path).st_ino
        except FileNotFoundError:
            return False
        is_same = self._opened is None or found == self._inode
        return is_same and not folders.marker(self.path).exists()

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        try:
            with folders.alone(self.path.parent):
                if not self.is_current():
                    raise Damaged("the file was taken away or found damaged")
                try:
                    yield self._open()
                except sqlite3.DatabaseError as exc:
                    if _code(exc) in _IS_DAMAGED:
                        folders.mark(self.path, str(exc))
                    raise
        except sqlite3.Error as exc:
            raise _told(exc) from exc
        except OSError as exc:
            raise Unwritable(exc.strerror or str(exc)) from exc

    def _open(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = _connect(self.path, self._max_bytes)
            self._inode = os.stat(self.path).st_ino
        return self._opened

    def leave(self) -> None:
        """Let go of the file, so that its room is free if it was removed."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(sqlite3.Error):
                opened.close()


def _connect(path: Path, max_bytes: int) -> sqlite3.Connection:
    os.stat(path)  # SQLite would make a new one
    # Our own lock keeps us apart: only a check or a curious reader is ever in the way.
    file = sqlite3.connect(
        path, timeout=0.2, isolation_level=None, check_same_thread=False
    )
    try:
        for words in _PRAGMAS:
            file.execute(f"PRAGMA {words}").fetchall()
        pages = max_bytes // _number(file, "page_size")
        file.execute(f"PRAGMA max_page_count={pages}").fetchall()
        file.executescript(_SCHEMA)
    except BaseException:
        file.close()
        raise
    return file


def _number(file: sqlite3.Connection, pragma: str) -> int:
    return int(file.execute(f"PRAGMA {pragma}").fetchone()[0])


def _code(exc: sqlite3.Error) -> int:
    return getattr(exc, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _told(exc: sqlite3.Error) -> Full | Damaged | Unwritable:
    code = _code(exc)
    if code == sqlite3.SQLITE_FULL:
        return Full(str(exc))
    return (Damaged if code in _IS_DAMAGED else Unwritable)(str(exc))
