"""``manage.py backup``: the database, this host's spool and a manifest in one folder."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from portal import env
from portal.backup import embedded, manifest
from portal.backup.making import make
from portal.backup.problems import NotPossible


class Command(BaseCommand):
    """Make a backup of the running portal, or check one."""

    help = (
        "Back up the running portal into a new folder within FOLDER: a dump of the "
        "database, a copy of this host's spool, a manifest, checksums. The keys "
        "(SECRET_KEY, FIELD_KEYS) are not in it: keep them apart. A portal that does not "
        "run has its embedded PostgreSQL started for the time. See docs/backup.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        words = "compare every file of the backup FOLDER with its checksum; make none"
        parser.add_argument("--check", action="store_true", help=words)
        parser.add_argument(
            "--here", action="store_true", help="the server runs already"
        )

    def handle(self, *_args: object, **options: object) -> None:
        folder = options["folder"]
        assert isinstance(folder, Path)  # noqa: S101  # tells the type
        try:
            if options["check"]:
                told = manifest.read(folder)
                manifest.verify(folder)
                self.stdout.write(f"whole: {folder}, of {told.began_at:%Y-%m-%d %H:%M}")
                return
            if not options["here"] and not env.secret("DATABASE_URL") and not _runs():
                _make_in_a_process(folder)
                return
            made, told = make(folder)
        except NotPossible as exc:
            raise CommandError(f"No backup: {exc}") from None
        for table, rows in told.rows.items():
            self.stdout.write(f"{table}: {rows} rows")
        self.stdout.write(f"spool: {told.spool_files} files")
        self.stdout.write(f"backup: {made}")


def _runs() -> bool:
    """Say whether the embedded server answers."""
    try:
        connection.ensure_connection()
    except (OperationalError, ImproperlyConfigured):
        return False
    return True


def _make_in_a_process(folder: Path) -> None:
    """Have another process do it: settings are read before the server is there."""
    manage = str(settings.BASE_DIR / "manage.py")
    command = [sys.executable, manage, "backup", "--here", str(folder)]
    with embedded.server(settings.DATA_DIR):
        done = subprocess.run(command, check=False)  # noqa: S603  # ourselves
        if done.returncode:
            raise NotPossible("see above")
