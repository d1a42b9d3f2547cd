"""A worker that takes nothing although something waits ends itself.

Seen with Celery 5.7 and kombu 5.7: after the broker was frozen and thawed, the worker
answers pings and consumes nothing more. Its supervisor starts it again at once.
"""

import os
import threading
import time

import redis
import structlog
from celery.signals import task_received, worker_ready
from celery.worker import state
from django.conf import settings

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 3.0
STALLED_AFTER_S = 12.0
# A task at work keeps a worker from taking more; longer than its hard limit, it is lost.
WORKS_AT_MOST_S = settings.CELERY_TASK_TIME_LIMIT + 5
_EXIT_STATUS = 75  # EX_TEMPFAIL


class StallWatch:
    """Remembers when the worker last took something, and when something first waited."""

    def __init__(self, now: float) -> None:
        self._took_at = now
        self._waits_since: float | None = None

    def took(self, now: float) -> None:
        """Note that the worker took a task."""
        self._took_at = now
        self._waits_since = None

    def is_stalled(self, now: float, *, waiting: int, working: int) -> bool:
        """Say whether tasks wait for too long while the worker could take them."""
        if not waiting:
            self._waits_since = None
            return False
        if self._waits_since is None:
            self._waits_since = now
        idle_for = now - max(self._took_at, self._waits_since)
        return idle_for > (WORKS_AT_MOST_S if working else STALLED_AFTER_S)


_watch = StallWatch(time.monotonic())


@task_received.connect
def _note_task(**_: object) -> None:
    _watch.took(time.monotonic())


@worker_ready.connect
def _start_watching(**_: object) -> None:
    threading.Thread(target=_watch_for_ever, name="stalls", daemon=True).start()


def _watch_for_ever() -> None:
    broker = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
    )
    while True:
        time.sleep(LOOK_EVERY_S)
        try:
            waiting = int(broker.llen(settings.CELERY_TASK_DEFAULT_QUEUE))
        except redis.RedisError:
            continue  # the broker is away: nothing could be taken
        working = len(state.active_requests)
        if _watch.is_stalled(time.monotonic(), waiting=waiting, working=working):
            log.error("worker_stalled", waiting=waiting, working=working)
            os._exit(_EXIT_STATUS)
