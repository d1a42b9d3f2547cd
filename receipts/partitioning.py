"""Partitions: how the tables are made, made ahead, and listed.

Callbacks are cut by day, receipts and sightings by month of ``received_at``, keys by
hash. A default partition catches what no other holds (a spool from long ago).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState
from psycopg.errors import LockNotAvailable

HASH_PARTITIONS = 16
# To be made, a partition needs its table's default one for an instant. A backup holds
# that for hours, and whoever waits for it makes all readers wait: better another time.
_LOCK_MS = 500

# Rows are added at the end and, but for callbacks, never changed: what autovacuum must
# do is freeze and keep the visibility map for index-only reads.
ADDED_ONLY = "autovacuum_vacuum_insert_scale_factor = 0.05"
# A callback is updated twice within seconds; dead rows must go before they pile up.
WORKED_ON = (
    "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, "
    "autovacuum_vacuum_threshold = 5000"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How one table is cut by time."""

    table: str
    step: str  # day or month
    ahead: int  # how many steps are made in advance
    storage: str


CUTS = (
    Cut(table="receipts_callback", step="day", ahead=7, storage=WORKED_ON),
    Cut(table="receipts_receipt", step="month", ahead=2, storage=ADDED_ONLY),
    Cut(table="receipts_sighting", step="month", ahead=2, storage=ADDED_ONLY),
)


class CreatePartitionedModel(CreateModel):
    """``CreateModel`` for a table that PostgreSQL cuts into partitions.

    The primary key becomes ``(id, received_at)``, since it must hold the column that
    cuts; a table that is cut by hash has its unique constraint alone.
    """

    def __init__(self, *, partition_by: str, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # options pass through
        self.partition_by = partition_by

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        name, args, options = super().deconstruct()
        return name, list(args), {**options, "partition_by": self.partition_by}

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        sql, params = schema_editor.table_sql(model)
        head, _, tail = sql.rpartition(")")
        head = head.replace(" PRIMARY KEY", "", 1)
        if self.partition_by.startswith("RANGE"):
            head += ", PRIMARY KEY (id, received_at)"
        schema_editor.execute(f"{head}) {tail}PARTITION BY {self.partition_by}", params)
        # Those that stand in its own options, as ``create_model`` makes them.
        schema_editor.deferred_sql.extend(
            index.create_sql(model, schema_editor) for index in model._meta.indexes
        )
        schema_editor.deferred_sql.extend(_fixed_partitions(model._meta.db_table, self))


def _fixed_partitions(table: str, operation: CreatePartitionedModel) -> Iterator[str]:
    if operation.partition_by.startswith("HASH"):
        for part in range(HASH_PARTITIONS):
            yield (
                f"CREATE TABLE {table}_{part:02} PARTITION OF {table} "
                f"FOR VALUES WITH (MODULUS {HASH_PARTITIONS}, REMAINDER {part})"
            )
    else:
        yield f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT"


def start_of(step: str, moment: datetime) -> datetime:
    """Return the start of the day or month that ``moment`` is in."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day if step == "day" else day.replace(day=1)


def next_start(step: str, start: datetime) -> datetime:
    """Return the start of the day or month after the one that begins at ``start``."""
    return start_of(step, start + timedelta(days=1 if step == "day" else 32))


def partition_name(cut: Cut, start: datetime) -> str:
    """Return the name of the partition that begins at ``start``."""
    return (
        f"{cut.table}_{start:%Y%m%d}"
        if cut.step == "day"
        else f"{cut.table}_{start:%Y%m}"
    )


def ensure_partitions(since: datetime, until: datetime | None = None) -> list[str]:
    """Make every missing partition from ``since`` to ``until`` and somewhat ahead.

    Idempotent; returns the names of those that it made. A step for which the default
    partition already holds rows is left to it, and one that cannot be made for now,
    because somebody reads the table for long, to the next call.
    """
    made = []
    for cut in CUTS:
        start = start_of(cut.step, since)
        last = start_of(cut.step, until or since)
        for _ in range(cut.ahead):
            last = next_start(cut.step, last)
        while start <= last:
            made += _ensure(cut, start)
            start = next_start(cut.step, start)
    return made


def _ensure(cut: Cut, start: datetime) -> list[str]:
    name = partition_name(cut, start)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            return []
    try:
        return [name] if _make(cut, start, name) else []
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable):
            return []
        raise


def _make(cut: Cut, start: datetime, name: str) -> bool:
    end = next_start(cut.step, start)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {_LOCK_MS}")
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {cut.table}_default "  # noqa: S608  # own names
            "WHERE received_at >= %s AND received_at < %s)",
            [start, end],
        )
        if cursor.fetchone()[0]:
            return False
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {cut.table} "
            f"FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}') "
            f"WITH ({cut.storage})"
        )
        cursor.execute("SET LOCAL lock_timeout = 0")
    return True
