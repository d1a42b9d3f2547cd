"""``manage.py erase_person``: one person is removed everywhere; a certificate says what."""

import getpass
import json
import math
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from receipts.erasure import asking, person
from receipts.erasure.certificate import certificate
from receipts.erasure.running import run_all
from receipts.models import Erasure

_TRIES = 60


class Command(BaseCommand):
    """Say who is meant and how much that is, erase, print the certificate."""

    help = (
        "Erase one person by a number or an id in clear: receipts, messages, raw "
        "bytes, quarantine, exports, this host's spool, records. Prints a certificate "
        "as JSON. May be stopped and run again; docs/erasure.md says what stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("who", nargs="?", help="a number or an id of the person, in clear")
        add("--reason", default="", help="kept on the certificate; name nobody in it")
        add("--yes", action="store_true", help="do not ask")
        add("--dry-run", action="store_true", help="say how much it is, change nothing")
        words = "print the certificate of an erasure by its number"
        add("--certificate", type=int, metavar="NUMBER", help=words)

    def handle(self, *_args: object, **options: object) -> None:
        if options["certificate"] is not None:
            self._print(_numbered(int(str(options["certificate"]))))
            return
        who = str(options["who"] or "")
        try:
            self._preview(who)
            if options["dry_run"]:
                return
            if not options["yes"] and input("Erase? Type yes: ").strip() != "yes":
                raise CommandError("nothing was erased")
            by = f"command ({getpass.getuser()})"
            erasure = asking.ask(who, by=by, reason=str(options["reason"]))
        except person.NotErasable as exc:
            raise CommandError(str(exc)) from None
        self._go_on(erasure)

    def _preview(self, who: str) -> None:
        found = person.count(person.find(person.meant_by(who)))
        told = ", ".join(f"{n} {what}" for what, n in found.items())
        self.stderr.write(f"Known by index: {told}; then one look at all raw bytes.")
        for each in asking.earlier(who):
            self.stderr.write(f"Was asked for before: number {each.pk}, {each.state}.")

    def _go_on(self, erasure: Erasure) -> None:
        if erasure.state == Erasure.State.ASKED:
            self.stderr.write(
                f"Erasure {erasure.pk} waits for a second person: "
                f"{settings.PUBLIC_BASE_URL}/admin/erasures/{erasure.pk}/"
            )
            return
        for _ in range(_TRIES):
            run_all(for_seconds=math.inf)
            erasure.refresh_from_db()
            if erasure.state == Erasure.State.DONE:
                self._print(erasure)
                return
            time.sleep(1)  # drains are at work, or another erasure
        raise CommandError(
            f"erasure {erasure.pk} is not over: the portal goes on with it"
        )

    def _print(self, erasure: Erasure) -> None:
        self.stdout.write(json.dumps(certificate(erasure), indent=2))


def _numbered(pk: int) -> Erasure:
    erasure = Erasure.objects.filter(pk=pk).first()
    if erasure is None:
        raise CommandError(f"there is no erasure {pk}")
    return erasure
