"""The process: keeps one puller running for each place of each wanted queue."""

import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

import structlog
from django.db import DatabaseError, connection

from channels_cfg.pulling import OpenQueue
from receipts.database import within
from receipts.queues.leases import DATABASE_S, Leases
from receipts.queues.puller import Puller
from receipts.queues.stopping import Stop, repeat
from receipts.queues.wanted import Place, QueueName, Wanted, load

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0
# Five seconds are promised, and a busy machine takes its time to end a process.
END_WITHIN_S = 2.5
RELEASE_WITHIN_S = 0.5


class _Opened(NamedTuple):
    wanted: Wanted
    queue: OpenQueue  # its threads share one key


class Consumer:
    """Pulls every wanted queue, each by itself; ``only`` names the one to pull."""

    def __init__(self, only: str = "") -> None:
        self._only = only
        self._leases = Leases()
        self._opened: dict[QueueName, _Opened] = {}
        self._pullers: dict[Place, Puller] = {}
        self._stop = Stop()
        self._has_complained = False
        # Not the main thread: a database that hangs would hold up the end.
        self._watching = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Look at the configuration every 2 s in a thread; returns at once."""
        self._watching.start()

    def stop(self) -> None:
        """End within some seconds, whatever hangs; what is not kept comes again."""
        self._stop.request()
        until = time.monotonic() + END_WITHIN_S
        self._stop_pullers()
        self._watching.join(END_WITHIN_S)
        for puller in list(self._pullers.values()):
            # Who waits in a long poll holds nothing, and is not waited for.
            puller.finish(max(0, until - time.monotonic()))
        releasing = threading.Thread(target=self._release, daemon=True)
        releasing.start()
        releasing.join(RELEASE_WITHIN_S)

    @within(DATABASE_S)
    def look(self) -> None:
        """Bring the pullers in line with the configuration."""
        wanted = {
            name: each
            for name, each in load().items()
            if not self._only or name.name == self._only
        }
        if self._only and not wanted and not self._has_complained:
            log.warning("no_such_queue", queue=self._only)
            self._has_complained = True
        self._open(wanted)
        places = {place: each for each in wanted.values() for place in each.places}
        for place in self._pullers.keys() - places.keys():
            self._pullers.pop(place).stop()
            log.info("queue_left", queue=str(place.queue), place=place.number)
        for place in places:
            self._ensure(place, self._opened[place.queue])

    def _run(self) -> None:
        repeat(self._watch, self._stop)
        self._stop_pullers()  # also those that a last look has started

    def _watch(self) -> None:
        self.look()
        self._leases.renew()
        self._stop.wait(LOOK_EVERY_S)

    def _open(self, wanted: Mapping[QueueName, Wanted]) -> None:
        self._opened = {
            name: before
            if (before := self._opened.get(name)) and before.wanted == each
            else _Opened(each, each.open())
            for name, each in wanted.items()
        }

    def _ensure(self, place: Place, opened: _Opened) -> None:
        before = self._pullers.get(place)
        if before and before.wanted == opened.wanted:
            return
        if before:
            before.stop()
        puller = Puller(place, opened.wanted, queue=opened.queue, leases=self._leases)
        puller.start(before)
        self._pullers[place] = puller

    def _stop_pullers(self) -> None:
        for puller in list(self._pullers.values()):
            puller.stop()

    def _release(self) -> None:
        try:
            self._leases.release_all()
        except DatabaseError as exc:
            log.warning("leases_not_released", reason=str(exc).strip()[:200])
        connection.close()
