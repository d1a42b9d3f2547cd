"""``manage.py sweep``: drains what nobody was woken for; needs no Redis, no Celery."""

from django.core.management.base import BaseCommand, CommandParser

from receipts.sweeping import sweep_for_ever, sweep_once


class Command(BaseCommand):
    help = (
        "Drain callbacks that are pending for more than 2 s, again and again. Runs "
        "beside the worker on each host; needs neither Redis nor Celery."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *_args: object, **options: object) -> None:
        if options["once"]:
            self.stdout.write(f"drained {sweep_once()['callbacks']} callbacks")
        else:
            sweep_for_ever()
