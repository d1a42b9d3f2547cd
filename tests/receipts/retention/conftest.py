"""Callbacks of long ago, each in the partition of its day."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from channels_cfg.models import Channel
from receipts.ids import uuid7
from receipts.models import Callback
from receipts.partitioning import CUTS, ensure_partitions
from receipts.processing.drain import drain

Old = Callable[..., Callback]


@pytest.fixture
def old(channel: Channel) -> Iterator[Old]:
    """Give a callback of so many days ago, drained unless told otherwise."""
    before = _partitions()

    def make(
        days: float, body: object = None, *, drained: bool = True, default: bool = False
    ) -> Callback:
        at = timezone.now() - timedelta(days=days)
        if not default:
            ensure_partitions(at)
        raw = body if isinstance(body, bytes) else json.dumps(body or [item()]).encode()
        made = Callback.objects.create(
            id=uuid7(at),
            received_at=at,
            channel=channel,
            receipt_type="mt_status",
            mode="push",
            body=raw,
        )
        if drained:
            drain()
        return made

    yield make
    with connection.cursor() as cursor:
        for name in _partitions() - before:
            cursor.execute(f"DROP TABLE {name}")


def item(message_id: str = "m1", status: str = "Delivered") -> dict[str, object]:
    """Return a status item of CAMS."""
    return {
        "MessageId": message_id,
        "From": "8613100000008",
        "To": "8613800000001",
        "Status": status,
    }


def partition_of(table: str, moment: datetime) -> str:
    """Return the name of the partition of a moment."""
    return (
        f"{table}_{moment:%Y%m%d}" if "callback" in table else f"{table}_{moment:%Y%m}"
    )


def is_there(name: str) -> bool:
    """Tell whether a table exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])


def address() -> str:
    """Return how the test database is reached by a connection of its own."""
    named = connection.get_connection_params()
    parts = ("user", "password", "host", "port", "dbname")
    return " ".join(f"{name}={named[name]}" for name in parts if named.get(name))


def _partitions() -> set[str]:
    tables = [cut.table for cut in CUTS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = ANY"
            "(SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)",
            [tables],
        )
        return {name for (name,) in cursor.fetchall()}
