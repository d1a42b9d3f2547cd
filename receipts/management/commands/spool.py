"""``manage.py spool``: what waits on this host's disk for the database, and load it."""

import math
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from receipts.spool import SpoolError, health, loading
from receipts.spool.store import spool


class Command(BaseCommand):
    """Read the word, call the service, print what it said."""

    help = "Show or load the spool: callbacks that were kept on disk while the database was away."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        words = "what is in it; ends with 1 if something needs a look"
        actions.add_parser("status", help=words, description=words)
        words = "load it into the database now; the sweep does so by itself"
        drain = actions.add_parser("drain", help=words, description=words)
        drain.add_argument(
            "--retry-aside",
            action="store_true",
            help="try again what could not be loaded before",
        )

    def handle(self, *_args: object, **options: object) -> None:
        try:
            if options["action"] == "status":
                self._status()
            else:
                self._drain(is_retry=bool(options["retry_aside"]))
        except SpoolError as exc:
            raise CommandError(f"The spool cannot be read: {exc}") from None

    def _status(self) -> None:
        state = health.state()
        for line in _lines(state):
            self.stdout.write(line)
        for file in spool().files():
            for seq, reason in file.aside():
                self.stdout.write(f"aside: {file.path.name} row {seq}: {reason}")
        for name in state.damaged_files:
            self.stdout.write(f"damaged: {name}, see the marker beside it")
        if health.complaints(state):
            raise CommandError(f"Look at: {', '.join(health.complaints(state))}.")

    def _drain(self, *, is_retry: bool) -> None:
        if is_retry:
            for file in spool().files():
                file.put_back()
        try:
            loaded = loading.load(for_seconds=math.inf)
        except loading.Elsewhere:
            raise CommandError("Another process is loading the spool.") from None
        except Error as exc:
            left = health.state().rows
            words = f"The database is away, {left} rows are left: {exc}"
            raise CommandError(words.strip()) from None
        self.stdout.write(
            f"loaded {loaded['callbacks'] + loaded['rescued']} callbacks, "
            f"put aside {loaded['aside']}"
        )


def _lines(state: health.State) -> list[str]:
    return [
        f"folder: {state.folder}",
        f"waiting: {state.rows} rows",
        f"size: {state.bytes} of {state.max_bytes} bytes",
        f"oldest: {_ago(state.oldest_at)}",
        f"last canary: {_ago(state.canary_at)}",
        f"aside: {state.aside} rows that cannot be loaded",
    ]


def _ago(moment: datetime | None) -> str:
    if moment is None:
        return "none"
    seconds = int((timezone.now() - moment).total_seconds())
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}, {seconds} s ago"
