"""Loops that outlive what goes wrong in them, until they are told to stop."""

import threading
import time
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection

from receipts.queues.pauses import Pauses

log = structlog.get_logger(__name__)

GRACE_S = 2.0  # who was told to stop may finish what it holds within this


class Stop:
    """Tells a thread to stop, and the thread when it is too late to finish."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._told_at = float("inf")

    def request(self) -> None:
        if not self._told.is_set():
            self._told_at = time.monotonic()
            self._told.set()

    @property
    def is_requested(self) -> bool:
        return self._told.is_set()

    def is_late(self) -> bool:
        """Say whether the grace is over: what was begun is to be dropped."""
        return time.monotonic() > self._told_at + GRACE_S

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the request, ``seconds`` at most; say whether it came."""
        return self._told.wait(seconds)


def repeat(work: Callable[[], None], stop: Stop) -> None:
    """Do ``work`` again and again until ``stop``; close the connection in the end."""
    pauses = Pauses(first_s=0.5, longest_s=5)
    while not stop.is_requested:
        try:
            work()
            pauses.reset()
        except Exception as exc:
            _tell(exc)
            connection.close()
            stop.wait(pauses.next())
    connection.close()


def _tell(exc: Exception) -> None:
    if isinstance(exc, DatabaseError):
        log.warning("database_away", reason=str(exc).strip()[:200])
    else:
        log.exception("queue_loop_failed", exc_info=exc)
