"""``manage.py provider_docs``: writes docs/providers.md from the adapters."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_cfg import registry
from channels_cfg.documenting.page import named_on, page

PLACE = Path(settings.BASE_DIR, "docs", "providers.md")


class Command(BaseCommand):
    """Make the page, then write it or compare it."""

    help = "Write docs/providers.md: each documented field and what becomes of it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        words = "change nothing; end with 1 where the page is out of date"
        parser.add_argument("--check", action="store_true", help=words)

    def handle(self, *_args: object, **options: object) -> None:
        if not options["check"]:
            PLACE.write_text(page(), "utf-8")
            return
        written = PLACE.read_text("utf-8") if PLACE.exists() else ""
        known = named_on(written)
        if written != page(known):
            raise CommandError(f"{PLACE} is out of date: run manage.py provider_docs")
        for slug in registry.adapters().keys() - known:
            # A new provider is one folder: it need not be on the page to work.
            self.stderr.write(f"{slug} is not in {PLACE}: run manage.py provider_docs")
