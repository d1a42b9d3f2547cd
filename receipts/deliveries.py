"""A callback as it came, and the one statement that puts it into the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Cursor

from channels_cfg.wire import ReceiptMode, ReceiptType
from receipts.database.prepared import NotOurSession, Prepared

_INSERT = (
    "INSERT INTO receipts_callback (id, received_at, channel_id, receipt_type, mode, "
    "body, headers, address, queue, offered_at, ack_ms) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
# Equal ids collide: an insert whose answer got lost may have been committed after all.
_INSERT_ONCE = f"{_INSERT} ON CONFLICT (id, received_at) DO NOTHING"
_first = Prepared(_INSERT)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One callback as it came; ``id`` and ``received_at`` are made once.

    Spools written by an older release are read by a newer one: a new field needs a
    default.
    """

    id: UUID
    received_at: datetime
    channel_id: int
    receipt_type: ReceiptType
    mode: ReceiptMode
    body: bytes
    headers: dict[str, str] = {}
    address: str = ""
    queue: str | None = None
    offered_at: datetime | None = None
    ack_ms: float | None = None

    def as_row(self) -> tuple[Any, ...]:
        """Return what is inserted."""
        return (
            self.id,
            self.received_at,
            self.channel_id,
            self.receipt_type.value,
            self.mode.value,
            self.body,
            msgspec.json.encode(self.headers).decode(),
            self.address or None,
            self.queue,
            self.offered_at,
            self.ack_ms,
        )


def insert_first(delivery: Delivery) -> None:
    """Insert a delivery that nobody has tried to insert before; committed as ``insert``.

    To look for a conflict, and a cursor, would cost half as much again.
    """
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        try:
            _first.run(_connection(database), delivery.as_row())
        except NotOurSession:
            insert(delivery)


def insert(delivery: Delivery) -> None:
    """Insert a delivery, committed on return outside a transaction; twice is once.

    Prepares nothing: it works also where sessions are lent, or are made to forget.
    """
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        cursor = Cursor(_connection(database))
        cursor.execute(_INSERT_ONCE, delivery.as_row(), prepare=False)


def insert_many(deliveries: Sequence[Delivery]) -> None:
    """Insert deliveries in one round trip; those that are there stay as they are."""
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        # Django's own cursor would put bodies into the text of the statement.
        cursor = Cursor(_connection(database))
        cursor.executemany(_INSERT_ONCE, [each.as_row() for each in deliveries])


def _connection(database: BaseDatabaseWrapper) -> Any:
    database.ensure_connection()
    database.validate_no_broken_transaction()
    return database.connection
