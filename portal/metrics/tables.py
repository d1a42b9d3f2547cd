"""What the tables know, from indexes that hold little; within a second, or not at all.

Every host shows the same here: take the maximum over instances, never their sum.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import Error, connection
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from portal.metrics.queues import queue_families
from receipts.database import within

PATIENCE_S = 1.0
_AGAIN_AFTER_S = 5.0  # somebody who waits for a dead database keeps a thread
MOST = 100_000  # rows that are counted one by one

_BACKLOG = (
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM receipts_callback "
    "WHERE state = 'pending' LIMIT %(most)s) AS p), "
    "(SELECT received_at FROM receipts_callback WHERE state = 'pending' "
    "ORDER BY received_at, id LIMIT 1), "
    "(SELECT count(*) FROM (SELECT 1 FROM receipts_callback "
    "WHERE state = 'failed' LIMIT %(most)s) AS f)"
)
_QUARANTINE = (
    "SELECT c.key, count(*) FROM (SELECT channel_id FROM receipts_quarantineditem "
    "WHERE state = 'open' LIMIT %s) AS q "
    "JOIN channels_cfg_channel c ON c.id = q.channel_id GROUP BY 1 ORDER BY 1"
)


class Tables(Collector):
    """Gauges from the database; without it only the one that says so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed_at = float("-inf")

    def collect(self) -> Iterator[Family]:
        """Yield what was read; a failure is remembered for a few seconds."""
        families: list[Family] = []
        if self._may_ask():
            families = self._read()
        yield GaugeMetricFamily(
            "portal_database_up",
            "Whether PostgreSQL answered this scrape within a second.",
            value=float(bool(families)),
        )
        yield from families

    def _may_ask(self) -> bool:
        with self._lock:
            return time.monotonic() - self._failed_at >= _AGAIN_AFTER_S

    def _read(self) -> list[Family]:
        try:
            with within(PATIENCE_S):
                return [family for read in _READS for family in read()]
        except Error:
            connection.close()
            with self._lock:
                self._failed_at = time.monotonic()
            return []


def _backlog() -> Iterator[Family]:
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, {"most": MOST})
        pending, oldest_at, failed = cursor.fetchone()
    yield GaugeMetricFamily(
        "portal_callbacks_pending",
        f"Callbacks that wait to be read; counted up to {MOST}.",
        value=pending,
    )
    yield GaugeMetricFamily(
        "portal_callbacks_pending_oldest_age_seconds",
        "Age of the oldest callback that waits to be read.",
        value=_age(oldest_at),
    )
    yield GaugeMetricFamily(
        "portal_callbacks_failed",
        f"Callbacks whose body could not be read at all; counted up to {MOST}.",
        value=failed,
    )


def _quarantine() -> Iterator[Family]:
    family = GaugeMetricFamily(
        "portal_quarantine_open",
        f"Items in quarantine that nobody has acted on; counted up to {MOST}.",
        labels=["channel"],
    )
    with connection.cursor() as cursor:
        cursor.execute(_QUARANTINE, [MOST])
        for key, count in cursor.fetchall():
            family.add_metric([key], count)
    yield family


def _age(moment: datetime | None) -> float:
    if moment is None:
        return 0.0
    return max(0.0, (timezone.now() - moment).total_seconds())


_READS: tuple[Callable[[], Iterator[Family]], ...] = (
    _backlog,
    _quarantine,
    queue_families,
)
