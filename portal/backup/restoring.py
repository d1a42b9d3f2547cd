"""Putting a backup into an empty place.

Transaction ids of the old server mean nothing on the new one: receipts get one that is
in its past, else the changes feed would wait until the new server has counted so far.
The database gets a new name, so that followers with an old cursor begin anew (410).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from portal.backup import manifest, spool_copy, tools
from portal.backup.manifest import DUMP, SPOOL, Manifest
from portal.backup.problems import NotPossible

_JOBS = 2
_PAST = 3  # the first ordinary transaction id
_TABLES = (
    "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' "
    "AND tablename <> 'django_migrations'"
)
_HELD = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE 'portal-%%' AND pid <> pg_backend_pid()"
)
_LIST_TABLES = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
    AND relnamespace = 'public'::regnamespace
"""
_LIST_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
_EMPTY = """
SELECT NOT EXISTS (SELECT FROM channels_cfg_channel)
    AND NOT EXISTS (SELECT FROM receipts_callback)
    AND NOT EXISTS (SELECT FROM receipts_receiptkey)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored; ``differing`` names tables whose rows are not as told."""

    manifest: Manifest
    rows: Mapping[str, int]
    spool_files: int

    @property
    def differing(self) -> list[str]:
        """Return the tables that have another number of rows than the backup."""
        told = self.manifest.rows
        return sorted(name for name in told if self.rows.get(name) != told[name])


# Whoever had callbacks in hand at the backup is not here to read them.
_END_LEASES = (
    "UPDATE receipts_callback SET lease_token = NULL, lease_until = NULL "
    "WHERE state = 'pending' AND lease_until IS NOT NULL"
)


def check(folder: Path, *, other_keys: bool) -> Manifest:
    """Return the manifest of a backup that can be restored. Raises ``NotPossible``."""
    told = manifest.read(folder)
    manifest.verify(folder)
    ours = manifest.fingerprints()
    missing = [key for key in told.keys["FIELD_KEYS"] if key not in ours["FIELD_KEYS"]]
    if missing and not other_keys:
        raise NotPossible(
            "the FIELD_KEYS of the backup are not set here: secrets of channels could "
            "not be read. Set them (in DATA_DIR: secrets/field_key), or say "
            "--other-keys and enter the secrets anew."
        )
    return told


def restore(folder: Path, *, other_keys: bool, replace: bool) -> Restored:
    """Restore a backup into this portal's database and spool. Raises ``NotPossible``."""
    told = check(folder, other_keys=other_keys)
    _require_empty(replace=replace)
    if tools.server_major() < told.server:
        raise NotPossible(f"the backup is of PostgreSQL {told.server} or later")
    _drop_everything()
    connection.close()
    for section in ("pre-data", "data"):
        _pg_restore(folder, section)
    rows = {table: _count(table) for table in told.rows}
    _settle_transaction_ids()
    _pg_restore(folder, "post-data")
    _execute("ANALYZE")
    call_command("migrate", interactive=False, verbosity=0)
    _execute(_END_LEASES)
    files = spool_copy.put_back(folder / SPOOL, settings.SPOOL_DIR)
    return Restored(manifest=told, rows=rows, spool_files=files)


def _require_empty(*, replace: bool) -> None:
    if _one(_HELD):
        raise NotPossible("the portal runs on this database: stop it first")
    if replace or not _one(_TABLES):
        return
    if not _one("SELECT to_regclass('receipts_receiptkey') IS NOT NULL"):
        raise NotPossible("this database holds other tables: give it one of its own")
    if not _one(_EMPTY):
        raise NotPossible(
            "this database is not empty: give it an empty one, or say --replace and "
            "lose what is there"
        )


def _drop_everything() -> None:
    # Not the schema itself: made by us, it would be part of the next dump.
    for kind, names in (("TABLE", _LIST_TABLES), ("SEQUENCE", _LIST_SEQUENCES)):
        with connection.cursor() as cursor:
            cursor.execute(names)
            if found := ", ".join(f'"{name}"' for (name,) in cursor.fetchall()):
                cursor.execute(f"DROP {kind} IF EXISTS {found} CASCADE")


def _pg_restore(folder: Path, section: str) -> None:
    program = tools.program("pg_restore")
    name = str(tools.environment()["PGDATABASE"])
    command = [
        *(program, f"--section={section}", "--no-owner", "--no-privileges"),
        *("--exit-on-error", f"--jobs={_JOBS}", f"--dbname={name}"),
        str(folder / DUMP),
    ]
    connection.close()
    tools.run(command, f"pg_restore ({section})")


def _settle_transaction_ids() -> None:
    """Put receipts into this server's past; before their indexes are made."""
    _execute(
        f"UPDATE receipts_receipt SET xid = {_PAST} "  # noqa: S608  # a number of ours
        "WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    )
    _execute("UPDATE receipts_epoch SET name = gen_random_uuid()")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _one(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _count(table: str) -> int:
    return int(str(_one(f"SELECT count(*) FROM {table}")))  # noqa: S608  # own names
