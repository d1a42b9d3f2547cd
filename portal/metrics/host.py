"""What this host knows without the database: spool, disks, Redis, the release."""

import platform
import shutil
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from channels_cfg import registry
from portal.health import redis_state
from receipts.spool import health
from receipts.spool.folder import SpoolError


class Host(Collector):
    """Gauges of this host."""

    def collect(self) -> Iterator[Family]:
        """Yield them; what cannot be told is left out."""
        yield from _spool()
        yield from _disks()
        yield from _limits()
        yield GaugeMetricFamily(
            "portal_redis_up",
            "Whether Redis answers; without it the sweep alone drains.",
            value=float(redis_state() == "ok"),
        )
        build = GaugeMetricFamily(
            "portal_build_info", "The release.", labels=["version", "python"]
        )
        build.add_metric([version(), platform.python_version()], 1)
        yield build


def _spool() -> Iterator[Family]:
    written = health.check()
    yield GaugeMetricFamily(
        "portal_spool_writable",
        "Whether a callback could be spooled now; 0 as well when the spool is full.",
        value=float(written == "ok"),
    )
    try:
        state = health.state()
    except SpoolError:
        return
    oldest_s = 0.0
    if state.oldest_at is not None:
        oldest_s = max(0.0, (timezone.now() - state.oldest_at).total_seconds())
    for name, words, value in (
        ("entries", "Callbacks in the spool of this host.", state.rows),
        ("bytes", "Size of what is in the spool.", state.bytes),
        ("max_bytes", "How much the spool may hold.", state.max_bytes),
        ("oldest_age_seconds", "Age of the oldest callback in the spool.", oldest_s),
        ("set_aside", "Spooled rows that cannot be loaded.", state.aside),
        (
            "damaged_files",
            "Spool files that were set aside as damaged.",
            len(state.damaged_files),
        ),
    ):
        yield GaugeMetricFamily(f"portal_spool_{name}", words, value=float(value))


def _disks() -> Iterator[Family]:
    free = GaugeMetricFamily(
        "portal_disk_free_bytes", "Free space where data lies.", labels=["place"]
    )
    size = GaugeMetricFamily(
        "portal_disk_size_bytes", "Size of that file system.", labels=["place"]
    )
    for place, folder in (("data", settings.DATA_DIR), ("spool", settings.SPOOL_DIR)):
        try:
            found = shutil.disk_usage(folder)
        except OSError:
            continue
        free.add_metric([place], found.free)
        size.add_metric([place], found.total)
    yield from (free, size)


def _limits() -> Iterator[Family]:
    family = GaugeMetricFamily(
        "portal_ack_limit_seconds",
        "How long a provider waits for the acknowledgement.",
        labels=["provider"],
    )
    for slug, adapter in sorted(registry.adapters().items()):
        family.add_metric([slug], adapter.limits.ack_limit.total_seconds())
    yield family


@cache
def version() -> str:
    """Return the version of this release."""
    text = Path(settings.BASE_DIR, "pyproject.toml").read_text()
    return str(tomllib.loads(text)["project"]["version"])
