"""``manage.py doctor``: is all that the portal stands on as it should be?"""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from portal.doctor.examining import examine
from portal.doctor.finding import Finding, Level


class Command(BaseCommand):
    """Examine, print what was found, end with 1 if somebody must act."""

    help = (
        "Look at the database, Valkey, the spool, partitions, disks, clocks, settings, "
        "stored secrets, the door and the readers of this host, and say what to do "
        "about each. Changes nothing. Ends with status 1 if there is trouble; what "
        "should be looked at some day alone is no trouble."
    )
    requires_system_checks = ()  # it runs them itself, and tells their outcome

    def handle(self, *_args: object, **_options: object) -> None:
        levels: Counter[Level] = Counter()
        for of, finding in examine():
            levels[finding.level] += 1
            self._tell(of, finding)
        summary = f"{levels[Level.TROUBLE]} in trouble, {levels[Level.LOOK]} to look at"
        if levels[Level.TROUBLE]:
            raise CommandError(summary)
        self.stdout.write(summary)

    def _tell(self, of: str, finding: Finding) -> None:
        self.stdout.write(f"{finding.level:<8} {of:<11} {finding.says}")
        if finding.advice:
            self.stdout.write(f"{'':<20} -> {finding.advice}")
