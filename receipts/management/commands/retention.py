"""``manage.py retention``: what is kept how long, what goes when, and let it go now."""

import math

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from receipts.retention import rules
from receipts.retention.running import Line, preview, run


class Command(BaseCommand):
    """Read the word, call the service, print what it said."""

    help = "Show or run the retention: what is kept how long, and what goes when."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        words = "the rules, what goes now and what within 31 days; changes nothing"
        actions.add_parser("preview", help=words, description=words)
        words = "remove what is due now; beat does so by itself every ten minutes"
        actions.add_parser("run", help=words, description=words)

    def handle(self, *_args: object, **options: object) -> None:
        if options["action"] == "preview":
            self._preview()
        else:
            self._run()

    def _preview(self) -> None:
        now = timezone.now()
        for rule in rules.rules(now):
            since = f" (since {rule.before:%Y-%m-%d})" if rule.before else ""
            self.stdout.write(f"{rule.kind}: {rule.says}{since}")
        lines = preview(now)
        self.stdout.write("goes:" if lines else "goes: nothing within 31 days")
        for line in lines:
            self.stdout.write(f"  {_told(line)}")

    def _run(self) -> None:
        done = run(timezone.now(), for_seconds=math.inf)
        for line in (each for each in done if each.rows or each.bytes or each.held):
            word = "kept" if line.held else "removed"
            self.stdout.write(f"{word}: {_told(line)}")
        if not any(line.rows and not line.held for line in done):
            self.stdout.write("nothing was due")


def _told(line: Line) -> str:
    when = "now" if line.is_due else f"{line.goes_at:%Y-%m-%d}"
    size = f", {line.bytes:,} bytes" if line.bytes else ""
    many = f"{line.rows:,}{' or more' if line.is_more else ''} rows{size}"
    held = f"; held by {line.held}" if line.held else ""
    return f"{when} {line.kind} {line.name}: {many}{held}"
