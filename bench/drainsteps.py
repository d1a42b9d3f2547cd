"""Steps of the drain's measurement, each in a process on DATABASE_URL.

``python -m bench.drainsteps fill N | drain | again | copy | clear``
"""

import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

import django
import msgspec

_PER_PUSH = 20
# What is forgotten between rounds, the rows that point at others first.
TABLES = [
    "receipts_messagereference",
    "receipts_message",
    "receipts_conversationidentity",
    "receipts_conversation",
    "receipts_receipt",
    "receipts_receiptkey",
    "receipts_sighting",
    "receipts_callback",
    "receipts_messagecount",
    "receipts_receiptcount",
    "receipts_receiptday",
    "receipts_template",
]


class Done(msgspec.Struct, kw_only=True):
    """What a step did; times in seconds, ``began`` on the machine's clock."""

    items: int
    began: float
    seconds: float
    cpu: float = 0.0  # of this process
    backend: float = 0.0  # of the server's process behind it


def fill(receipts: int) -> Done:
    """Keep pushes of 20 as the door does: sent, delivered, and half of them read."""
    from django.utils import timezone

    from bench.load import blocks, body
    from channels_cfg.models import Channel
    from receipts.ids import uuid7
    from receipts.models import Callback

    channel = Channel.objects.get(key="live")
    start = timezone.now() - timedelta(seconds=receipts // _PER_PUSH / 1000 + 1)
    first = int(time.time()) * 10_000_000
    rows = []
    for number, (block, status) in enumerate(islice(blocks(), receipts // _PER_PUSH)):
        at: datetime = start + timedelta(milliseconds=number)
        rows.append(
            Callback(
                id=uuid7(at),
                received_at=at,
                channel=channel,
                receipt_type="mt_status",
                mode="push",
                body=body(first + block * _PER_PUSH, _PER_PUSH, status),
            )
        )
    began = time.time()
    Callback.objects.bulk_create(rows, batch_size=500)
    _run("CHECKPOINT")
    return Done(items=receipts, began=began, seconds=time.time() - began)


def drain() -> Done:
    """Drain all that waits; begins when a line comes in, so that several begin at once."""
    from bench import backend
    from receipts.processing import drain as drains

    drains.drain(for_seconds=0.01, older_than_s=3600)  # connects and imports
    print("ready", flush=True)
    sys.stdin.readline()
    began, used, worked = time.time(), time.process_time(), backend.cpu_seconds()
    drained = drains.drain(for_seconds=600)
    return Done(
        items=drained["items"],
        began=began,
        seconds=time.time() - began,
        cpu=time.process_time() - used,
        backend=backend.cpu_seconds() - worked,
    )


def again() -> Done:
    """Let all that the live channel brought wait once more."""
    began = time.time()
    _run(
        "UPDATE receipts_callback SET state = 'pending', attempts = 0 "
        "WHERE channel_id = (SELECT id FROM channels_cfg_channel WHERE key = 'live')"
    )
    _run("CHECKPOINT")
    return Done(items=0, began=began, seconds=time.time() - began)


def copy() -> Done:
    """COPY the receipts of the live channel, and nothing else, into their own table."""
    import psycopg
    from django.db import connection

    from bench import backend

    connection.ensure_connection()
    plain: psycopg.Connection[object] = connection.connection
    chosen = "channel_id = (SELECT id FROM channels_cfg_channel WHERE key = 'live')"
    rows = f"SELECT * FROM receipts_receipt WHERE {chosen} ORDER BY id"  # noqa: S608  # own
    with plain.cursor() as cursor:
        with cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT binary)") as parts:
            blob = b"".join(map(bytes, parts))
        cursor.execute(f"DELETE FROM receipts_receipt WHERE {chosen}")  # noqa: S608  # own
        copied = cursor.rowcount
        cursor.execute("VACUUM receipts_receipt")
        cursor.execute("CHECKPOINT")
        began, worked = time.time(), backend.cpu_seconds()
        with cursor.copy("COPY receipts_receipt FROM STDIN (FORMAT binary)") as taken:
            for start in range(0, len(blob), 1 << 20):
                taken.write(blob[start : start + (1 << 20)])
    return Done(
        items=copied,
        began=began,
        seconds=time.time() - began,
        backend=backend.cpu_seconds() - worked,
    )


def clear() -> Done:
    """Forget all of the live channel, and whatever else an empty database has."""
    from channels_cfg.models import Channel
    from receipts.models import Receipt

    began = time.time()
    live = Channel.objects.get(key="live").pk
    if not Receipt.objects.exclude(channel=live).exists():
        _run(f"TRUNCATE {', '.join(TABLES)}")
    else:
        for table in TABLES:
            where = f"channel_id = {live}" if "reference" not in table else "false"
            _run(f"DELETE FROM {table} WHERE {where}")  # noqa: S608  # own names
            _run(f"VACUUM {table}")
    return Done(items=0, began=began, seconds=time.time() - began)


def _run(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)


def main(arguments: Sequence[str]) -> int:
    """Run one step and print what it did as JSON, on the last line."""
    steps = {"drain": drain, "again": again, "copy": copy, "clear": clear}
    name = arguments[0]
    done = fill(int(arguments[1])) if name == "fill" else steps[name]()
    print(msgspec.json.encode(done).decode())
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
