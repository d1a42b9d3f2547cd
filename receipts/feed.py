"""The changes feed: receipts in the order in which they became visible.

Writers commit out of order, so "greater than the last id" would skip. A receipt
carries the transaction id of its writer, and only those below the oldest transaction
that still runs are given: nothing can appear below them any more.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from receipts.models import Epoch, Receipt
from receipts.querysets import keyset
from receipts.querysets.receipt import HEAVY, ReceiptQuerySet

KEYS = ("xid", "id")
SCANNED_AT_ONCE = 20_000
SCANNED_FOR_S = 1.0  # by one read that looks for few among many


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a follower has read; ``at`` is when the receipt there was stored."""

    xid: int
    pk: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Receipts after a position, and the position after them."""

    rows: list[Receipt]
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which receipts a follower wants: of which channels and kind (None: all)."""

    channels: frozenset[int] | None = None
    kind: str | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether nothing is left out."""
        return self.channels is None and self.kind is None

    def keep(self, rows: ReceiptQuerySet) -> ReceiptQuerySet:
        """Keep the wanted ones."""
        if self.channels is not None:
            rows = rows.filter(channel__in=sorted(self.channels))
        return rows if self.kind is None else rows.filter(kind=self.kind)


def start() -> Position:
    """Return the position before the oldest receipt that is kept."""
    return Position(xid=0, pk=0, at=timezone.now())


def read(position: Position, wanted: Wanted, limit: int) -> Found:
    """Return up to ``limit`` receipts after ``position``.

    Fewer may come although more follow, when few of very many are wanted; the
    position always moves on.
    """
    horizon = _horizon()
    until = time.monotonic() + SCANNED_FOR_S
    rows: list[Receipt] = []
    while True:
        part = _read_part(position, wanted, limit - len(rows), horizon)
        rows += part.rows
        position = part.position
        is_at_end = position.xid >= horizon
        if len(rows) == limit or is_at_end or time.monotonic() > until:
            return Found(rows=rows, position=position)


def _read_part(position: Position, wanted: Wanted, limit: int, horizon: int) -> Found:
    after = _after(position, horizon)
    end = None if wanted.is_all else _end_of_scan(after)
    if end is not None:
        after = after.filter(keyset.up_to(KEYS, (end.xid, end.pk)))
    rows = list(wanted.keep(after).defer(*HEAVY)[:limit])
    if len(rows) == limit:
        last = rows[-1]
        end = Position(xid=last.xid, pk=last.pk, at=last.stored_at)
    at_end = Position(xid=horizon, pk=0, at=timezone.now())
    return Found(rows=rows, position=end or at_end)


def _horizon() -> int:
    """Return the oldest transaction that still runs: below it all is decided."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _after(position: Position, horizon: int) -> ReceiptQuerySet:
    below = Receipt.objects.filter(xid__lt=horizon)
    place = (position.xid, position.pk)
    return below.filter(keyset.after(KEYS, place)).order_by(*KEYS)


def _end_of_scan(rows: ReceiptQuerySet) -> Position | None:
    """Return where a scan for few among many may stop; None where the rows end."""
    last = rows.values_list("xid", "id", "stored_at")[SCANNED_AT_ONCE:][:1]
    return next((Position(xid=xid, pk=pk, at=at) for xid, pk, at in last), None)


def epoch() -> str:
    """Return what names this database and its history.

    A copy keeps our name but runs as another system; a server that was promoted or
    taken back to a point in time runs on another timeline: transaction ids told
    before mean nothing there.
    """
    name = Epoch.objects.get_or_create(pk=1)[0].name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8) "
            "FROM pg_control_system()"
        )
        system, history = cursor.fetchone()
    return f"{name.hex}-{system}-{history}"


def is_expired(position: Position) -> bool:
    """Tell whether receipts after ``position`` may have been dropped by now."""
    kept = timezone.now() - timedelta(days=settings.RETENTION_RECEIPTS_DAYS)
    return position.at < kept and position.at < _oldest_partition()


def _oldest_partition() -> datetime:
    """Return where the oldest partition of receipts begins; now if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(right(part.relname, 6)) FROM pg_inherits "
            "JOIN pg_class part ON part.oid = inhrelid "
            "WHERE inhparent = to_regclass('receipts_receipt') "
            "AND part.relname ~ '_[0-9]{6}$'"
        )
        month = cursor.fetchone()[0]
    if month is None:
        return timezone.now()
    return datetime.strptime(month, "%Y%m").replace(tzinfo=UTC)
