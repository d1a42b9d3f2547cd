"""Celery's doors: each starts a service and decides nothing."""

import structlog
from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from redis.exceptions import RedisError

from receipts import nudge
from receipts.database import is_away
from receipts.erasure.running import run_all
from receipts.exports import making, waking
from receipts.partitioning import ensure_partitions
from receipts.processing.drain import drain
from receipts.processing.ignoring import reopen_due
from receipts.retention.running import run

log = structlog.get_logger(__name__)


@shared_task(name=nudge.DRAIN_TASK)
def drain_callbacks() -> None:
    """Read what is pending, batch after batch, until none is or the slice ends."""
    try:
        nudge.clear()  # before looking: a callback kept from here on sends its own
    except RedisError as exc:
        log.warning("nudge_not_cleared", reason=str(exc)[:200])
    try:
        drained = drain(for_seconds=settings.DRAIN_SLICE_S, help_wanted=nudge.send_one)
    except (OperationalError, InterfaceError) as exc:
        if not is_away(exc):
            raise
        # What waits stays where it is, and the sweep asks again in 2 s.
        log.warning("database_away", reason=str(exc).strip()[:200])
        connection.close()
        return
    if drained["callbacks"]:
        log.debug("drained", **drained)
    if drained["ran_out"]:
        nudge.send_one()


@shared_task(name=waking.EXPORT_TASK)
def make_exports() -> None:
    """Drop exports that are over, and make those that wait, a slice at a time."""
    making.drop_expired()
    if making.make_exports(for_seconds=settings.EXPORT_SLICE_S):
        waking.wake()


@shared_task(name="receipts.make_partitions")
def make_partitions() -> None:
    """Make the partitions of the next days and months; the sweep does so, too."""
    if made := ensure_partitions(timezone.now()):
        log.info("partitions_made", names=made)


@shared_task(name="receipts.reopen_ignored")
def reopen_ignored() -> None:
    """Open quarantined items again that were ignored until now."""
    if reopened := reopen_due():
        log.info("quarantine_reopened", items=reopened)


@shared_task(name="receipts.run_retention")
def run_retention() -> None:
    """Remove what is kept no longer, a slice at a time."""
    for line in run(timezone.now(), for_seconds=settings.RETENTION_SLICE_S):
        log.info(
            "retention", kind=line.kind, name=line.name, rows=line.rows, held=line.held
        )


@shared_task(name="receipts.erase_people")
def erase_people() -> None:
    """Go on with erasures that were begun, a slice at a time."""
    run_all(for_seconds=settings.ERASURE_SLICE_S)
