"""Counting: a thread writes this process's counts down, nobody waits for it."""

import os
import time
from pathlib import Path

import structlog
from django.conf import settings

from receipts.background import Background
from receipts.metering import files
from receipts.metering.catalogue import Metric
from receipts.metering.meter import Meter, Row

log = structlog.get_logger(__name__)
EVERY_S = 0.5


class Keeper:
    """The counts of this process, and their way to the disk."""

    def __init__(self) -> None:
        self.meter = Meter()
        self._own: files.Own | None = None
        self._saved: list[Row] | None = None
        self._is_broken = False
        self._keeping = Background("metering", self._keep_for_ever)

    def ensure(self) -> None:
        """Start writing, at the first count."""
        self._keeping.ensure()

    def save(self) -> None:
        """Write the counts down unless they stand there.

        A disk that does not take them is no trouble.
        """
        rows = self.meter.rows()
        if rows == self._saved and self._own and self._own.is_there():
            return
        folder = Path(settings.METRICS_DIR)
        try:
            if self._own is None:
                files.merge_gone(folder)
                self._own = files.Own(folder, settings.PROCESS)
            self._own.save(rows)
        except OSError as exc:
            if not self._is_broken:
                log.warning("counts_not_kept", reason=str(exc))
            self._is_broken = True
        else:
            self._is_broken, self._saved = False, rows

    def start_afresh(self) -> None:
        """Count from nothing in a child that was forked; its parent has the rest."""
        if self._own is not None:
            self._own.leave()
        self.__init__()  # type: ignore[misc]  # as a new process has it

    def _keep_for_ever(self) -> None:
        while True:
            self.save()
            time.sleep(EVERY_S)


keeper = Keeper()
os.register_at_fork(after_in_child=keeper.start_afresh)


def add(metric: Metric, *labels: str, amount: float = 1) -> None:
    """Add to a counter."""
    keeper.meter.add(metric, labels, amount)
    keeper.ensure()


def observe(metric: Metric, value: float, *labels: str) -> None:
    """Put one value into a histogram."""
    keeper.meter.observe(metric, labels, value)
    keeper.ensure()


def level(metric: Metric, value: float) -> None:
    """Set a gauge."""
    keeper.meter.level(metric, value)
    keeper.ensure()
