"""Whether this process asks the database at all, or goes straight to the spool."""

import threading
import time

import structlog

from receipts import metering
from receipts.metering.catalogue import BREAKER

log = structlog.get_logger(__name__)

_FAILURES = 3  # in a row
_PAUSE_S = 5.0


class Breaker:
    """Opens on three failures in a row, or on one that cost the whole second.

    While it is open somebody may try again every five seconds; the first success
    closes it.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._failures = 0
        self._try_at = 0.0
        self._lock = threading.Lock()

    def failed(self, reason: str, *, was_slow: bool) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            if self.is_open or was_slow or self._failures >= _FAILURES:
                if not self.is_open:
                    log.error("database_away", reason=reason)
                    metering.level(BREAKER, 1)
                self.is_open = True
                self._try_at = time.monotonic() + _PAUSE_S

    def worked(self) -> None:
        """Note a success; costs nothing when the last one was a success too."""
        if not self._failures:
            return
        with self._lock:
            if self.is_open:
                log.warning("database_back")
                metering.level(BREAKER, 0)
            self.is_open = False
            self._failures = 0

    def may_try(self) -> bool:
        """Say, to one caller in five seconds, that it is time to try again."""
        with self._lock:
            is_due = self.is_open and time.monotonic() >= self._try_at
            if is_due:
                self._try_at = time.monotonic() + _PAUSE_S
            return is_due


breaker = Breaker()
