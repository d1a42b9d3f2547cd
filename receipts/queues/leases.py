"""Who pulls which place: a lease in the database, by the database's clock.

A lease bounds how many pull a queue at the same time. It guards no data: a message
that two came to hold is kept twice and counts once.
"""

import os
import secrets
import socket
import threading
import time
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from receipts.database import within
from receipts.models import QueueState
from receipts.queues.wanted import Place, QueueName

# Who was killed is missed for so long; renewed several times within it.
LEASE_S = 12.0
# What takes the database longer is given up: a server that froze must hold nobody.
DATABASE_S = 8.0


def state_of(place: Place) -> QuerySet[QueueState]:
    """Return the row of ``place``, once it was taken for the first time."""
    endpoint, name = place.queue
    return QueueState.objects.filter(
        endpoint=endpoint, queue_name=name, place=place.number
    )


class Leases:
    """The places this process holds; any thread may ask."""

    def __init__(self) -> None:
        # Names the process for ops staff; the rest tells a successor from it.
        self.holder = (
            f"{socket.gethostname()[:80]} {os.getpid()} {secrets.token_hex(4)}"
        )
        self._until: dict[Place, float] = {}
        self._lock = threading.Lock()

    @within(DATABASE_S)
    def take(self, place: Place) -> bool:
        """Take ``place``; False while somebody else holds it."""
        asked_at = time.monotonic()
        endpoint, name = place.queue
        QueueState.objects.get_or_create(
            endpoint=endpoint, queue_name=name, place=place.number
        )
        is_free = Q(holder=self.holder) | Q(lease_until=None) | Q(lease_until__lt=Now())
        if not state_of(place).filter(is_free).update(**self._lease()):
            return False
        self._hold(place, asked_at)
        return True

    @within(DATABASE_S)
    def renew(self) -> None:
        """Renew all that is still ours; what was taken runs out by itself."""
        asked_at = time.monotonic()
        ours = QueueState.objects.filter(holder=self.holder)
        if not self._until or not ours.update(**self._lease()):
            return
        for endpoint, name, number in ours.values_list(
            "endpoint", "queue_name", "place"
        ):
            self._hold(Place(QueueName(endpoint, name), number), asked_at)

    def is_held(self, place: Place) -> bool:
        """Say whether ``place`` is surely ours; asks nobody."""
        with self._lock:
            return time.monotonic() < self._until.get(place, 0)

    @within(DATABASE_S)
    def release(self, place: Place) -> None:
        """Let the next one have ``place`` at once."""
        with self._lock:
            self._until.pop(place, None)
        state_of(place).filter(holder=self.holder).update(**_NOBODYS)

    @within(DATABASE_S)
    def release_all(self) -> None:
        """Let others have all that this process held."""
        with self._lock:
            self._until.clear()
        QueueState.objects.filter(holder=self.holder).update(**_NOBODYS)

    def _lease(self) -> dict[str, object]:
        until = Now() + timedelta(seconds=LEASE_S)
        return {"holder": self.holder, "lease_until": until}

    def _hold(self, place: Place, asked_at: float) -> None:
        # Counted from before the question, so that we let go before others may take.
        with self._lock:
            self._until[place] = asked_at + LEASE_S


_NOBODYS = {"holder": "", "lease_until": None}
