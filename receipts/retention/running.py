"""A preview of what goes and when, and the run that removes what is due."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection

from receipts.models import Removal
from receipts.partitioning import CUTS
from receipts.processing import gate
from receipts.retention import partitions, rows
from receipts.retention.partitions import Partition

log = structlog.get_logger(__name__)
AHEAD = timedelta(days=31)
_KEYS_EVERY = timedelta(days=1)
_LOCK = 7_260_003  # any fixed number: one run at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that goes, or went: when, how much, and what holds it, if so."""

    kind: str
    name: str
    goes_at: datetime
    rows: int
    bytes: int = 0
    held: str = ""
    is_due: bool = True

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.rows >= rows.COUNTED and not self.bytes


def preview(now: datetime) -> list[Line]:
    """Return what goes at the next run, and the partitions that go within 31 days."""
    found = [
        _line(part, now)
        for cut in CUTS
        for part in partitions.partitions(cut)
        if _goes_at(part) <= now + AHEAD
    ]
    return [*found, *_rows(now)]


def run(now: datetime, *, for_seconds: float) -> list[Line]:
    """Remove what is due until the time is over; returns what went, and what is held.

    Idempotent, and safe to be killed; at once over while another process does it.
    """
    until = time.monotonic() + for_seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return []
        try:
            return list(_run(now, until))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _run(now: datetime, until: float) -> Iterator[Line]:
    partitions.drop_detached()
    for part in partitions.over(now):
        if time.monotonic() < until:
            yield _drop(part, now)
    for table in rows.TABLES:
        if time.monotonic() < until:
            yield from _remove(table, now, until)
    if time.monotonic() < until and not _has_looked_at_keys(now):
        yield _noted(_key_line(rows.remove_keys(now, until), now))


def _drop(part: Partition, now: datetime) -> Line:
    line = _line(part, now)
    if line.held:
        return line
    try:
        partitions.drop(part)
    except (partitions.Held, partitions.Busy) as exc:
        return replace(line, held=str(exc))
    return _noted(line)


def _remove(table: rows.Rows, now: datetime, until: float) -> Iterator[Line]:
    try:
        removed = rows.remove(table, now, until)
    except gate.Busy as exc:
        log.info("retention_waits", table=table.table, reason=str(exc))
        return
    if removed:
        line = Line(kind=table.kind, name=table.table, goes_at=now, rows=removed)
        yield _noted(line)


def _noted(line: Line) -> Line:
    Removal.objects.create(
        kind=line.kind, name=line.name, rows=line.rows, bytes=line.bytes
    )
    return line


def _has_looked_at_keys(now: datetime) -> bool:
    return Removal.objects.filter(kind="keys", at__gt=now - _KEYS_EVERY).exists()


def _line(part: Partition, now: datetime) -> Line:
    is_due = _goes_at(part) <= now
    return Line(
        kind=part.kind,
        name=part.name,
        goes_at=_goes_at(part),
        rows=part.rows,
        bytes=part.bytes,
        held=partitions.what_holds(part.start, part.end) if is_due else "",
        is_due=is_due,
    )


def _goes_at(part: Partition) -> datetime:
    days = (
        settings.RETENTION_CALLBACKS_DAYS
        if part.kind == "callbacks"
        else settings.RETENTION_RECEIPTS_DAYS
    )
    return part.end + timedelta(days=days)


def _rows(now: datetime) -> Iterator[Line]:
    for table in rows.TABLES:
        if found := rows.count(table, now):
            yield Line(kind=table.kind, name=table.table, goes_at=now, rows=found)
    if found := rows.count_keys(now):
        yield _key_line(found, now)


def _key_line(found: int, now: datetime) -> Line:
    return Line(kind="keys", name="receipts_receiptkey", goes_at=now, rows=found)
