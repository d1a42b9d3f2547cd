"""``manage.py backup``: the database, this host's spool and a manifest in one folder."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import manifest
from portal.backup.making import make
from portal.backup.problems import NotPossible


class Command(BaseCommand):
    """Make a backup of the running portal, or check one."""

    help = (
        "Back up the running portal into a new folder within FOLDER: a dump of the "
        "database, a copy of this host's spool, a manifest, checksums. The keys "
        "(SECRET_KEY, FIELD_KEYS) are not in it: keep them apart. See docs/backup.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        words = "compare every file of the backup FOLDER with its checksum; make none"
        parser.add_argument("--check", action="store_true", help=words)

    def handle(self, *_args: object, **options: object) -> None:
        folder = options["folder"]
        assert isinstance(folder, Path)  # noqa: S101  # tells the type
        try:
            if options["check"]:
                told = manifest.read(folder)
                manifest.verify(folder)
                self.stdout.write(f"whole: {folder}, of {told.began_at:%Y-%m-%d %H:%M}")
                return
            made, told = make(folder)
        except NotPossible as exc:
            raise CommandError(f"No backup: {exc}") from None
        for table, rows in told.rows.items():
            self.stdout.write(f"{table}: {rows} rows")
        self.stdout.write(f"spool: {told.spool_files} files")
        self.stdout.write(f"backup: {made}")
