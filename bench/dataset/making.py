"""A data set of any size, made in steps on a database that the product migrated."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from bench.dataset.extras import add_extras
from bench.dataset.indexes import taken_off
from bench.dataset.scene import SENDERS, make_channels
from channels_cfg.wire import Flag
from receipts.partitioning import ensure_partitions
from receipts.sweeping import look_ahead

_HERE = Path(__file__).parent
_RECEIPTS_OF_A_MESSAGE = 2.145
_BUSIEST = 100_000  # entries of the busiest timeline, where there are enough messages
_BIG = ("receipts_receipt", "receipts_receiptkey", "receipts_message")
_LONG_S = 3
_SCHEMA = """
DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench;
CREATE TABLE bench.sender (channel_id bigint, provider text, channel_type text,
    address text, share_from integer, share_to integer);
CREATE FUNCTION bench.kind_of(channel_type text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$SELECT CASE channel_type WHEN 'messenger' THEN 'channel_user_id' ELSE 'phone' END$$;
"""
_LEFT = """
DROP SCHEMA bench CASCADE; CREATE SCHEMA bench;
CREATE TABLE bench.made (receipts bigint, finish timestamptz);
"""


def make(
    receipts: int, *, finish: datetime, callbacks_days: int = 30, days: float = 365
) -> int:
    """Fill the database with about ``receipts``; return how many came about."""
    start = finish - timedelta(days=days)
    ensure_partitions(start, finish)
    channels = make_channels()
    messages = int(receipts / _RECEIPTS_OF_A_MESSAGE)
    values = {
        "messages": messages,
        "people": max(20, messages // 8),
        "busiest": min(_BUSIEST, messages // 10),
        "start": start,
        "finish": finish,
        "callbacks_from": finish - timedelta(days=callbacks_days),
        "late": int(Flag.LATE),
    }
    _execute(_SCHEMA)
    _set_up_senders({key: channel.pk for key, channel in channels.items()})
    _run("work.sql", values)
    _run("words.sql")
    _run("detail.sql")
    with taken_off(_BIG):
        _run("rows.sql", values)
        _run("messages.sql", values)
        began = time.monotonic()
    print(f"  indexes: {time.monotonic() - began:.1f} s", flush=True)
    _run("folded.sql", values)
    oldest = max(start, finish - timedelta(days=callbacks_days))
    add_extras(channels["wa-main"], receipts, oldest, finish)
    _drop_old_callbacks(oldest)
    return _settle(finish)


def _drop_old_callbacks(oldest: datetime) -> None:
    """Drop the empty partitions of days that are over, as retention would have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits "
            "WHERE inhparent = 'receipts_callback'::regclass "
            "AND right(inhrelid::regclass::text, 8) < %s",
            [f"{oldest:%Y%m%d}"],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")


def _settle(finish: datetime) -> int:
    _execute(_LEFT)
    _execute("VACUUM (FREEZE, ANALYZE)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM receipts_receipt")
        made = int(cursor.fetchone()[0])
        cursor.execute("INSERT INTO bench.made VALUES (%s, %s)", [made, finish])
    return made


def _set_up_senders(channels: Mapping[str, int]) -> None:
    with connection.cursor() as cursor:
        for one in SENDERS:
            cursor.execute(
                "INSERT INTO bench.sender SELECT id, provider, %s, %s, %s, %s "
                "FROM channels_cfg_channel WHERE id = %s",
                [*one[1:], channels[one.key]],
            )


def _run(name: str, values: Mapping[str, object] | None = None) -> None:
    """Run a file, statement by statement; tell what takes long."""
    for statement in (_HERE / name).read_text().split(";\n"):
        began = time.monotonic()
        if statement.strip():
            _execute(statement, values)
        if (took := time.monotonic() - began) > _LONG_S:
            first = statement.strip().rpartition("\n--")[2].splitlines()
            told = next(line for line in first if not line.startswith("--"))
            print(f"  {name}: {took:6.1f} s  {told[:60]}", flush=True)


def _execute(sql: str, values: Mapping[str, object] | None = None) -> None:
    """Run statements, with values written into them: there are several at once."""
    connection.ensure_connection()
    with psycopg.ClientCursor(connection.connection) as cursor:
        cursor.execute(sql, values)


def main(arguments: Sequence[str]) -> int:
    """Migrate and fill the database: ``RECEIPTS [--all-callbacks]``.

    0 fills nothing: it makes the channels, and does to what there is what the sweep does.
    """
    receipts = int(arguments[0])
    call_command("migrate", verbosity=0)
    if receipts == 0:
        make_channels()
        look_ahead()
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    days = 400 if "--all-callbacks" in arguments else 30
    made = make(receipts, finish=datetime.now(UTC), callbacks_days=days)
    print(f"made {made} receipts")
    return 0
