"""``manage.py consume_queue``: pulls the queues of providers into callbacks."""

import signal

from django.core.management.base import BaseCommand, CommandError, CommandParser

from receipts.queues.consumer import Consumer
from receipts.queues.once import pull_once

ENDING = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    help = (
        "Pull every queue that is switched on: keep each message as a callback, then "
        "delete it from the queue. May run on several hosts; needs no Redis. Changes "
        "of configuration are in force within 10 s."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", default="", metavar="NAME", help="only this one")
        parser.add_argument(
            "--once", action="store_true", help="until each is empty, then end"
        )

    def handle(self, *_args: object, **options: object) -> None:
        only = str(options["queue"])
        if options["once"]:
            self._once(only)
        else:
            _for_ever(only)

    def _once(self, only: str) -> None:
        emptied = list(pull_once(only))
        if only and not emptied:
            raise CommandError(f"no queue {only} is switched on")
        for one in emptied:
            self.stdout.write(f"{one.name}: {one.messages} messages {one.trouble}")
        if any(one.trouble for one in emptied):
            raise CommandError("not every queue could be emptied")


def _for_ever(only: str) -> None:
    # Before any thread starts: each inherits it, so the signal waits for sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    consumer = Consumer(only)
    consumer.start()
    signal.sigwait(ENDING)
    consumer.stop()
