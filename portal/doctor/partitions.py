"""Partitions: the present one and those to come are there."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.utils import timezone

from portal.doctor.finding import Finding, look, ok
from receipts.partitioning import CUTS, Cut, next_start, partition_name, start_of


def examine() -> Iterator[Finding]:
    """Look for what the sweep and beat make ahead."""
    now = timezone.now()
    missing = [name for cut in CUTS for name in _names(cut, now) if not _is_there(name)]
    if missing:
        yield look(
            f"missing: {', '.join(missing)}. Until then rows go to the default partition",
            "The sweep makes them once an hour: see that it runs. A backup or a long "
            "report may hold it up.",
        )
    else:
        yield ok("there for now and for the next day and month")


def _names(cut: Cut, now: datetime) -> list[str]:
    start = start_of(cut.step, now)
    both = (start, next_start(cut.step, start))
    return [partition_name(cut, each) for each in both]


def _is_there(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])
