"""The sweep: a process of its own that finds what no wake-up found."""

import signal
import threading
import time
from datetime import timedelta
from types import FrameType

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from receipts import nudge
from receipts.alerts.running import watching
from receipts.partitioning import ensure_partitions
from receipts.processing import courtesy, deadline
from receipts.processing.claiming import free_dead
from receipts.processing.counts import compact
from receipts.processing.days import sum_days
from receipts.processing.drain import Drained, drain
from receipts.processing.settling import settle_merged
from receipts.spool.loading import load_quietly
from receipts.watching.watch import door_watch

log = structlog.get_logger(__name__)
_LOOK_AHEAD_EVERY_S = 3600
_DAY_IS_OVER = timedelta(days=2)  # since it began: few counts of it change any more
_SLICE_S = 5.0  # of drains, then the spool has its turn


def sweep_once() -> Drained:
    """Load the spool, drain what is older than 2 s, sum the counts, settle merges."""
    load_quietly()
    if _have_died():
        drained = Drained()
    else:
        drained = drain(for_seconds=_SLICE_S, older_than_s=settings.SWEEP_OLDER_THAN_S)
    with transaction.atomic():
        compact()
    settle_merged()
    return drained


def _have_died() -> bool:
    """Say whether readers have died, and end what they held.

    What killed them may kill us: the worker, whose children are replaced at once, tries
    first. Should there be none, the next sweep does it.
    """
    freed = free_dead()
    if freed:
        log.warning("leases_of_the_dead_ended", callbacks=freed)
        nudge.nudge()
    return bool(freed)


def look_ahead() -> None:
    """Make the partitions of the next days and months; sum the days gone by."""
    now = timezone.now()
    if made := ensure_partitions(now):
        log.info("partitions_made", names=made)
    if summed := sum_days(now - _DAY_IS_OVER):
        log.info("days_summed", days=summed)


def sweep_for_ever() -> None:
    """Sweep every 2 s until the process is told to end; outlive the database."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    deadline.arm()
    courtesy.lower_priority()
    courtesy.lower_session()
    door_watch.ensure()
    looked_at = 0.0
    while not ended.is_set():
        rest_s = settings.SWEEP_EVERY_S
        watching.ensure()
        try:
            if time.monotonic() - looked_at > _LOOK_AHEAD_EVERY_S or not looked_at:
                look_ahead()
                looked_at = time.monotonic()
            drained = sweep_once()
            if drained["callbacks"]:
                log.info("swept", **drained)
            if drained["ran_out"]:
                rest_s = 0
        except Error as exc:  # away has many names: read-only is one of them
            log.warning("database_away", reason=str(exc).strip()[:200])
            connection.close()
        ended.wait(rest_s)
