"""``manage.py restore``: a backup into an empty place."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import env
from portal.backup import embedded
from portal.backup.problems import NotPossible
from portal.backup.restoring import restore


class Command(BaseCommand):
    """Restore a backup; the portal must not run meanwhile."""

    help = (
        "Restore the backup FOLDER into this portal's database and spool, both empty. "
        "Stop the portal first; an embedded PostgreSQL is started for the time. The "
        "keys of the backup must be set. See docs/backup.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("folder", type=Path)
        add("--replace", action="store_true", help="lose what the database holds now")
        words = "restore without its keys: secrets of channels must be entered anew"
        add("--other-keys", action="store_true", help=words)
        add("--here", action="store_true", help="the server runs already")

    def handle(self, *_args: object, **options: object) -> None:
        folder = options["folder"]
        assert isinstance(folder, Path)  # noqa: S101  # tells the type
        try:
            if options["here"] or env.secret("DATABASE_URL"):
                self._restore(folder.resolve(), options)
            else:
                with embedded.server(settings.DATA_DIR, is_restore=True):
                    self._restore_in_a_process(folder.resolve(), options)
        except NotPossible as exc:
            raise CommandError(f"Not restored: {exc}") from None

    def _restore_in_a_process(self, folder: Path, options: dict[str, object]) -> None:
        """Have another process do it: settings are read before the server is there."""
        words = [
            f"--{name}" for name in ("replace", "other-keys") if _is_on(options, name)
        ]
        manage = str(settings.BASE_DIR / "manage.py")
        command = [sys.executable, manage, "restore", "--here", *words, str(folder)]
        done = subprocess.run(command, check=False)  # noqa: S603  # ourselves
        if done.returncode:
            raise CommandError("Not restored: see above.")

    def _restore(self, folder: Path, options: dict[str, object]) -> None:
        done = restore(
            folder,
            other_keys=_is_on(options, "other-keys"),
            replace=_is_on(options, "replace"),
        )
        for table, rows in done.rows.items():
            self.stdout.write(f"{table}: {rows} rows")
        self.stdout.write(f"spool: {done.spool_files} files")
        if done.differing:
            raise CommandError(f"Rows are missing in: {', '.join(done.differing)}")
        self.stdout.write(
            f"restored: all that was kept before {done.manifest.began_at}"
        )


def _is_on(options: dict[str, object], name: str) -> bool:
    return bool(options[name.replace("-", "_")])
