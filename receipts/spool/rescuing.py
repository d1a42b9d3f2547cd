"""What can still be read of a damaged file, row by row; the file itself stays."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import structlog

from receipts.deliveries import Delivery
from receipts.spool import folder as folders
from receipts.spool.folder import Damaged
from receipts.spool.records import Kind, Row, unpack

log = structlog.get_logger(__name__)

_BATCH = 100
_ROW = "SELECT seq, checksum, content FROM delivery WHERE seq = ?"
_SPAN = ("SELECT min(seq) FROM delivery", "SELECT max(seq) FROM delivery")
_LAST_EVER = "SELECT seq FROM sqlite_sequence"
_SMALLEST_ROW = 100  # bytes


def rescue(path: Path, keep: Callable[[Sequence[Delivery]], int]) -> int:
    """Give every sound row of a damaged file to ``keep``, once; returns how many.

    ``keep`` says how many of them it took.
    """
    if folders.marker(path, "rescued").exists():
        return 0
    rescued, waiting = 0, []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        numbers = _numbers(file, path.stat().st_size // _SMALLEST_ROW)
        for delivery in _sound(file, numbers):
            waiting.append(delivery)
            if len(waiting) == _BATCH:
                rescued, waiting = rescued + keep(waiting), []
    rescued += keep(waiting)
    words = f"rescued {rescued} rows; numbers {numbers.start} to {numbers.stop - 1}"
    with folders.alone(path.parent):
        folders.mark(path, words, kind="rescued")
    log.error("spool_file_rescued", file=path.name, told=words)
    return rescued


def _numbers(file: sqlite3.Connection, at_most: int) -> range:
    """Return which rows may be there, as far as the damage lets us know."""
    first, last = (_number(file, sql) for sql in _SPAN)
    last = last or _number(file, _LAST_EVER)
    return range(max(first, last - at_most), last + 1)


def _sound(file: sqlite3.Connection, numbers: range) -> Iterator[Delivery]:
    # One by one: a damaged page hides its own rows only.
    for seq in numbers:
        with suppress(sqlite3.DatabaseError, Damaged):
            found = file.execute(_ROW, (seq,)).fetchone()
            if found is not None:
                record = unpack(Row(seq=seq, checksum=found[1], content=found[2]))
                if record.kind is Kind.CALLBACK:
                    yield record.delivery


def _number(file: sqlite3.Connection, sql: str) -> int:
    with suppress(sqlite3.DatabaseError):
        row = file.execute(sql).fetchone()
        return int(row[0] or 0) if row else 0
    return 0
