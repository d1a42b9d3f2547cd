"""Rows that are over, where a table is not cut by time: batch after batch."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from receipts.partitioning import HASH_PARTITIONS
from receipts.processing import gate
from receipts.retention import rules
from receipts.retention.partitions import kept_since

BATCH = 1000
COUNTED = 100_000  # a preview counts no further
_PAGES = 2000  # of a key partition that one statement looks at

# A callback that nobody has to deal with any more.
_FREE = """received_at < %(before)s AND state <> 'pending'
    AND NOT EXISTS (SELECT FROM receipts_quarantineditem q WHERE q.callback_id = t.id
        AND (q.state = 'open' OR q.ignored_until IS NOT NULL))
    AND (state <> 'failed' OR EXISTS (SELECT FROM receipts_quarantineditem q
        WHERE q.callback_id = t.id))"""
_LEFT = (
    "merged_into_id IS NULL AND last_at < %(before)s AND NOT EXISTS "
    "(SELECT FROM receipts_message m WHERE m.conversation_id = t.id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What of one table is over: ``where`` speaks of ``t`` and of ``before``."""

    kind: str
    table: str
    where: str
    before: Callable[[datetime], datetime]
    key: str = "id"
    first: tuple[str, ...] = ()  # what hangs on the rows of ``gone``
    needs_gate: bool = False


_REFERENCES = (
    "DELETE FROM receipts_messagereference WHERE message_id = ANY(%s)",
    "DELETE FROM receipts_mergedmessage WHERE survivor_id = ANY(%s)",
)
_CLUSTER = (
    "DELETE FROM receipts_conversationidentity WHERE conversation_id IN (SELECT id "
    "FROM receipts_conversation WHERE id = ANY(%s) OR merged_into_id = ANY(%s))",
    "DELETE FROM receipts_conversation WHERE merged_into_id = ANY(%s)",
)


def _late(column: str = "received_at") -> str:
    return f"{column} < %(before)s"


# In the order of removal: what is shown by others goes after them.
TABLES = (
    Rows(
        kind="callbacks",
        table="receipts_callback_default",
        where=_FREE,
        before=rules.callbacks_before,
        key="id, received_at",
    ),
    Rows(
        kind="quarantine",
        table="receipts_quarantineditem",
        where=f"state <> 'open' AND ignored_until IS NULL AND {_late()}",
        before=rules.callbacks_before,
    ),
    Rows(
        kind="refusals",
        table="receipts_refusal",
        where=_late("last_at"),
        before=rules.callbacks_before,
    ),
    Rows(
        kind="receipts",
        table="receipts_receipt_default",
        where=_late(),
        before=rules.receipts_before,
        key="id, received_at",
    ),
    Rows(
        kind="sightings",
        table="receipts_sighting_default",
        where=_late(),
        before=rules.receipts_before,
        key="id, received_at",
    ),
    Rows(
        kind="messages",
        table="receipts_message",
        where=_late("last_at"),
        before=kept_since,
        first=_REFERENCES,
        needs_gate=True,
    ),
    Rows(
        kind="conversations",
        table="receipts_conversation",
        where=_LEFT,
        before=kept_since,
        first=_CLUSTER,
        needs_gate=True,
    ),
    Rows(
        kind="records",
        table="receipts_accessrecord",
        where=_late("at"),
        before=rules.records_before,
    ),
    *(
        Rows(
            kind="records",
            table=table,
            where=_late(column),
            before=rules.records_before,
        )
        for table, column in (
            ("auditlog_logentry", "timestamp"),
            ("console_backupnote", "at"),
            ("receipts_intakespan", "ended_at"),
            ("receipts_removal", "at"),
        )
    ),
)


def count(rows: Rows, now: datetime) -> int:
    """Return how many rows are over; no further than ``COUNTED``."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {rows.table} t "
            f"WHERE {rows.where} LIMIT {COUNTED}) AS few",
            {"before": rows.before(now)},
        )
        return int(cursor.fetchone()[0])


def remove(rows: Rows, now: datetime, until: float) -> int:
    """Remove what is over, in short transactions, until ``until`` of the clock.

    Raises ``gate.Busy``; what was removed by then is removed.
    """
    before, removed = rows.before(now), 0
    while time.monotonic() < until:
        batch = _remove_batch(rows, before)
        removed += batch
        if batch < BATCH:
            break
    return removed


def _remove_batch(rows: Rows, before: datetime) -> int:
    with transaction.atomic():
        if rows.needs_gate:
            gate.close()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {rows.key} FROM {rows.table} t WHERE {rows.where} "
                f"LIMIT {BATCH} FOR UPDATE SKIP LOCKED",
                {"before": before},
            )
            gone = cursor.fetchall()
            ids = [row[0] for row in gone]
            for sql in rows.first if ids else ():
                cursor.execute(sql, [ids] * sql.count("%s"))
            if ids:
                cursor.execute(
                    f"DELETE FROM {rows.table} WHERE id = ANY(%s)",
                    [ids],
                )
    return len(gone)


def remove_keys(now: datetime, until: float) -> int:
    """Remove keys whose time is over: one look at each page, no index needed."""
    before = min(rules.keys_before(now), kept_since(now))
    removed = 0
    for table, first, end in _stretches():
        if time.monotonic() > until:
            break
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE received_at < %s "
                "AND ctid >= %s::tid AND ctid < %s::tid",
                [before, f"({first},0)", f"({end},0)"],
            )
            removed += cursor.rowcount
    return removed


def count_keys(now: datetime) -> int:
    """Return how many keys are over; no further than ``COUNTED``."""
    before = min(rules.keys_before(now), kept_since(now))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM receipts_receiptkey "
            f"WHERE received_at < %s LIMIT {COUNTED}) AS few",
            [before],
        )
        return int(cursor.fetchone()[0])


def _stretches() -> Iterator[tuple[str, int, int]]:
    for part in range(HASH_PARTITIONS):
        table = f"receipts_receiptkey_{part:02}"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_relation_size(%s) / current_setting('block_size')::int",
                [table],
            )
            pages = cursor.fetchone()[0]
        for first in range(0, pages, _PAGES):
            yield table, first, first + _PAGES
