"""The counts of one process, in memory; adding to one costs about a microsecond."""

import threading
from bisect import bisect_left
from collections.abc import Iterable

import msgspec

from receipts.metering.catalogue import Metric, Sort

Key = tuple[str, tuple[str, ...]]  # name of the metric, values of its labels
OTHERS = "(others)"
_MOST = 500  # rows of one metric: what is more counts together


class Row(msgspec.Struct, kw_only=True):
    """One row of a metric: its number; or of a histogram each bucket, then the sum."""

    name: str
    labels: tuple[str, ...]
    values: list[float]

    @property
    def key(self) -> Key:
        """What tells rows apart."""
        return (self.name, self.labels)


class Meter:
    """Counts by metric and labels; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[Key, list[float]] = {}
        self._sizes: dict[str, int] = {}

    def add(self, metric: Metric, labels: tuple[str, ...], amount: float) -> None:
        """Add ``amount`` to a counter."""
        with self._lock:
            self._values(metric, labels)[0] += amount

    def level(self, metric: Metric, value: float) -> None:
        """Set a gauge."""
        with self._lock:
            self._values(metric, ())[0] = value

    def observe(self, metric: Metric, labels: tuple[str, ...], value: float) -> None:
        """Put one value into its bucket of a histogram."""
        place = bisect_left(metric.bounds, value)
        with self._lock:
            values = self._values(metric, labels)
            values[place] += 1
            values[-1] += value

    def rows(self) -> list[Row]:
        """Return a copy of all rows."""
        with self._lock:
            return [
                Row(name=name, labels=labels, values=list(values))
                for (name, labels), values in self._rows.items()
            ]

    def _values(self, metric: Metric, labels: tuple[str, ...]) -> list[float]:
        found = self._rows.get((metric.name, labels))
        if found is not None:
            return found
        size = self._sizes.get(metric.name, 0)
        if labels and size >= _MOST:
            labels = (OTHERS,) * len(labels)
            if (found := self._rows.get((metric.name, labels))) is not None:
                return found
        self._sizes[metric.name] = size + 1
        width = len(metric.bounds) + 2 if metric.sort is Sort.HISTOGRAM else 1
        return self._rows.setdefault((metric.name, labels), [0.0] * width)


def summed(rows: Iterable[Row]) -> list[Row]:
    """Add up rows of the same metric and labels; other widths start afresh."""
    found: dict[Key, list[float]] = {}
    for row in rows:
        before = found.get(row.key)
        if before is None or len(before) != len(row.values):
            # A release with other buckets: the older file has had its time.
            found[row.key] = list(row.values)
        else:
            found[row.key] = [a + b for a, b in zip(before, row.values, strict=True)]
    return [Row(name=k[0], labels=k[1], values=v) for k, v in found.items()]
