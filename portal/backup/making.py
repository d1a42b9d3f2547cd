"""Making a backup of the running portal.

The spool is copied before the database's snapshot is taken: what is loaded in between
is then in both, and collides with itself. The other way round it could be in neither.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.backup import manifest, spool_copy, tools
from portal.backup.manifest import COUNTED, DUMP, SPOOL, Manifest
from portal.backup.problems import NotPossible
from portal.console.models import BackupNote

# Logins must not come back to life, and what is on the way out is not worth it.
_LEFT_OUT = ("django_session", "receipts_exportchunk")


def make(target: Path) -> tuple[Path, Manifest]:
    """Make a backup in a new folder within ``target``. Raises ``NotPossible``.

    The folder has its name only when all of it is written and on disk.
    """
    began = time.monotonic()
    now = timezone.now()
    folder = target / f"receipt-portal-{now:%Y%m%dT%H%M%SZ}"
    half = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        target.mkdir(parents=True, exist_ok=True)
        half.mkdir(mode=0o700)
    except OSError as exc:
        raise NotPossible(f"{target} cannot be written: {exc.strerror}") from None
    try:
        files = spool_copy.copy(settings.SPOOL_DIR, half / SPOOL)
        rows = _dump(half / DUMP)
        told = Manifest(
            format=manifest.FORMAT,
            began_at=now,
            server=tools.server_major(),
            migrations=manifest.last_migrations(),
            rows=rows,
            spool_files=files,
            keys=manifest.fingerprints(),
        )
        manifest.write(half, told)
        _sync(half)
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    BackupNote.objects.create(
        folder=str(folder),
        bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        seconds=time.monotonic() - began,
        receipts=rows["receipts_receipt"],
    )
    return folder, told


def _dump(path: Path) -> dict[str, int]:
    """Dump the database; returns the rows of tables as they are in the dump."""
    dump = tools.program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        left_out = [f"--exclude-table-data={name}" for name in _LEFT_OUT]
        process = subprocess.Popen(  # noqa: S603  # a program of the server
            [
                *(dump, "--format=custom", "--compress=1", f"--file={path}"),
                *("--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
                *left_out,
            ],
            env=tools.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            rows = {table: _count(table) for table in COUNTED}
            _, said = process.communicate()
        finally:
            process.kill()
    if process.returncode:
        raise NotPossible(f"pg_dump failed: {tools.last_words(said)}")
    path.chmod(0o600)
    return rows


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # own names
        return int(cursor.fetchone()[0])


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
