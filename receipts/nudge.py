"""One wake-up for many callbacks, sent by a thread of its own; it may be lost.

Publishing costs more than storing a callback, so the door only sets an event. The
thread asks Redis whether a wake-up is already under way, and sends one if not; while
Redis is away it keeps silent for some seconds. The sweep finds what nobody nudged.
"""

import threading
import time

import redis
import structlog
from celery import current_app
from django.conf import settings

from receipts.background import Background

log = structlog.get_logger(__name__)

DRAIN_TASK = "receipts.drain_callbacks"
_PENDING_KEY = "receipts:nudge"
_PENDING_MS = 5000  # a wake-up that nobody took is sent again after that
_AT_MOST_EVERY_S = 0.02
_SILENT_FOR_S = 5.0  # after a failure
_WAIT_S = 0.3  # for Redis


class Nudger:
    """The thread that sends wake-ups, and the event that wakes it."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._sending = Background("nudge", self._send_for_ever)

    def nudge(self) -> None:
        """Ask for a wake-up; costs nothing and never waits."""
        self._wanted.set()
        self._sending.ensure()

    def _send_for_ever(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                send()
            except Exception as exc:  # any failure means the same: the sweep will do it
                log.warning("nudge_not_sent", reason=str(exc)[:200])
                time.sleep(_SILENT_FOR_S)
            time.sleep(_AT_MOST_EVERY_S)


_nudger = Nudger()


def nudge() -> None:
    """Ask for a drain soon; never waits, never fails."""
    _nudger.nudge()


def send() -> bool:
    """Send a wake-up unless one is under way; True if sent. Raises what Redis raises."""
    if not _flags().set(_PENDING_KEY, 1, nx=True, px=_PENDING_MS):
        return False
    send_one()
    return True


def send_one() -> None:
    """Send a wake-up, whether or not one is under way."""
    current_app.send_task(DRAIN_TASK, retry=False, ignore_result=True)


def clear() -> None:
    """Say that the wake-up arrived: who keeps a callback from now on sends another."""
    _flags().delete(_PENDING_KEY)


def _flags() -> redis.Redis:
    global _client  # one pool per process
    if _client is None:
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S
        )
    return _client


_client: redis.Redis | None = None
