"""Partitions that are over: which, what holds them back, and how they go."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from receipts.partitioning import CUTS, Cut, next_start, partition_name
from receipts.retention import rules

KIND_OF = {
    "receipts_callback": "callbacks",
    "receipts_receipt": "receipts",
    "receipts_sighting": "sightings",
}
_GONE = "_gone"
# The door inserts into the same table and has a second: it must wait a tenth at most.
_LOCK_MS = 100
_TRIES = 20
_PAUSE_S = 0.25

_LIST = """
SELECT part.relname, part.reltuples::bigint,
    pg_total_relation_size(part.oid)
FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
WHERE inhparent = to_regclass(%s) ORDER BY part.relname
"""
_DETACHED = """
SELECT relname FROM pg_class WHERE relname LIKE 'receipts\\_%%\\_gone'
    AND relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
_HOLDS = """
SELECT
    (SELECT count(*) FROM {callbacks} WHERE state = 'pending'
        AND received_at >= %(start)s AND received_at < %(end)s),
    (SELECT count(*) FROM receipts_quarantineditem
        WHERE received_at >= %(start)s AND received_at < %(end)s
        AND (state = 'open' OR ignored_until IS NOT NULL)),
    (SELECT count(*) FROM {callbacks} c WHERE state = 'failed'
        AND received_at >= %(start)s AND received_at < %(end)s
        AND NOT EXISTS (SELECT FROM receipts_quarantineditem q
            WHERE q.callback_id = c.id))
"""
_WORDS = ("waiting to be read", "open in quarantine", "given up, never read")


class Busy(Exception):
    """Somebody reads the table and did not let go in time; it goes another time."""


class Held(Exception):
    """Something in it is still to be dealt with; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """One day or month of a table; ``rows`` is the server's estimate."""

    kind: str
    table: str
    name: str
    start: datetime
    end: datetime
    rows: int
    bytes: int


def partitions(cut: Cut) -> Iterator[Partition]:
    """Yield the attached partitions of a table by time, without the default one."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [cut.table])
        found = cursor.fetchall()
    for name, rows, size in found:
        start = _start_of_name(cut, name)
        if start is not None:
            yield Partition(
                kind=KIND_OF[cut.table],
                table=cut.table,
                name=name,
                start=start,
                end=next_start(cut.step, start),
                rows=_counted(name) if rows < 0 else rows,
                bytes=size,
            )


def _counted(name: str) -> int:
    """Count a partition that the server has not looked at yet: it is small."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT FROM {name} LIMIT 100000) AS few")
        return int(cursor.fetchone()[0])


def _start_of_name(cut: Cut, name: str) -> datetime | None:
    form = "%Y%m%d" if cut.step == "day" else "%Y%m"
    try:
        start = datetime.strptime(name.rpartition("_")[2], form).replace(tzinfo=UTC)
    except ValueError:
        return None
    return start if partition_name(cut, start) == name else None


def boundary(cut: Cut, now: datetime) -> datetime:
    """Return where the oldest partition that a table keeps begins."""
    is_callback = cut.table == "receipts_callback"
    return rules.callbacks_before(now) if is_callback else rules.receipts_before(now)


def over(now: datetime) -> list[Partition]:
    """Return the partitions that nothing but their content may keep, oldest first."""
    return [
        part
        for cut in CUTS
        for part in partitions(cut)
        if part.end <= boundary(cut, now)
    ]


def kept_since(now: datetime) -> datetime:
    """Return where the oldest month of receipts begins that is still there, or may be."""
    (cut,) = (cut for cut in CUTS if cut.table == "receipts_receipt")
    starts = [part.start for part in partitions(cut)]
    return min([boundary(cut, now), *starts])


def what_holds(
    start: datetime, end: datetime, *, callbacks: str = "receipts_callback"
) -> str:
    """Say what of these days must still be dealt with, '' if nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS.format(callbacks=callbacks), {"start": start, "end": end})
        counts = cursor.fetchone()
    return ", ".join(
        f"{count} {words}" for count, words in zip(counts, _WORDS, strict=True) if count
    )


def drop(part: Partition) -> None:
    """Detach a partition, then drop it. Raises ``Held`` or ``Busy``.

    Detaching needs the whole table for an instant. While somebody reads it for long
    it is not to be had, and who waits for it makes the door wait: so it is asked for
    often and briefly, and given up in the end until another time.
    """
    for left in reversed(range(_TRIES)):
        try:
            _detach(part)
            break
        except OperationalError as exc:
            if not isinstance(exc.__cause__, LockNotAvailable):
                raise
            if not left:
                raise Busy(f"{part.name} is being read") from exc
            time.sleep(_PAUSE_S)
    drop_detached()


def _detach(part: Partition) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {_LOCK_MS}")
        cursor.execute(f"ALTER TABLE {part.table} DETACH PARTITION {part.name}")
        # Under the lock nothing can be added: what is found now is the truth.
        where = part.name if part.kind == "callbacks" else "receipts_callback"
        if held := what_holds(part.start, part.end, callbacks=where):
            transaction.set_rollback(True)
            raise Held(held)
        cursor.execute(f"ALTER TABLE {part.name} RENAME TO {part.name}{_GONE}")


def drop_detached() -> int:
    """Drop what was detached, also by a run that died in between; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_DETACHED)
        names = [name for (name,) in cursor.fetchall()]
    return sum(_drop_one(name) for name in names)


def _drop_one(name: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {_LOCK_MS}")
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable):
            return False  # a reader from before is still in it: another time
        raise
    return True
