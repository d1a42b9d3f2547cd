"""What the processes of this host have counted, as Prometheus shows it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path

from django.conf import settings
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from receipts.metering import files
from receipts.metering.catalogue import COUNTED, Metric, Sort
from receipts.metering.meter import Row, summed


class Counted(Collector):
    """Every metric of the catalogue, also one that nobody has counted yet."""

    def collect(self) -> Iterator[Family]:
        """Yield the sums over all processes."""
        counts = files.read(Path(settings.METRICS_DIR))
        rows = summed(row for each in counts for row in each.rows)
        by_name: dict[str, list[Row]] = {}
        for row in rows:
            by_name.setdefault(row.name, []).append(row)
        for metric in COUNTED:
            yield _family(metric, by_name.get(metric.name, []))
        yield _living(counts)


def _family(metric: Metric, rows: Iterable[Row]) -> Family:
    fitting = (row for row in rows if len(row.labels) == len(metric.labels))
    return _FAMILIES[metric.sort](metric, sorted(fitting, key=lambda row: row.labels))


def _counter(metric: Metric, rows: Iterable[Row]) -> Family:
    family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    for row in rows:
        family.add_metric(row.labels, row.values[0])
    return family


def _gauge(metric: Metric, rows: Iterable[Row]) -> Family:
    family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
    for row in rows:
        family.add_metric(row.labels, row.values[0])
    return family


def _histogram(metric: Metric, rows: Iterable[Row]) -> Family:
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    bounds = [*map(str, metric.bounds), "+Inf"]
    for row in rows:
        if len(row.values) == len(bounds) + 1:
            up_to = list(accumulate(row.values[:-1]))
            buckets = list(zip(bounds, up_to, strict=True))
            family.add_metric(row.labels, buckets, sum_value=row.values[-1])
    return family


_FAMILIES: Mapping[Sort, Callable[[Metric, Iterable[Row]], Family]] = {
    Sort.COUNTER: _counter,
    Sort.GAUGE: _gauge,
    Sort.HISTOGRAM: _histogram,
}


def _living(counts: Iterable[files.Counts]) -> Family:
    family = GaugeMetricFamily(
        "portal_processes",
        "Processes of this host that have counted something and live, by their kind.",
        labels=["process"],
    )
    living: dict[str, int] = {}
    for each in counts:
        if each.is_alive:
            living[each.process] = living.get(each.process, 0) + 1
    for process, n in sorted(living.items()):
        family.add_metric([process], n)
    return family
