"""Telling that the database is away, when nothing can be read from it.

The sweep remembers who is to be told while the database is there. When it comes back,
the alert is written down as any other, so that its recovery is told in the usual way.
"""

import socket
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from django.utils import timezone

from receipts.alerts import sending
from receipts.alerts.findings import Level
from receipts.alerts.kinds.database import KIND
from receipts.alerts.models import Alert, Delivery, Destination, Snooze
from receipts.alerts.rules import Rules
from receipts.alerts.schedule import next_attempt
from receipts.alerts.telling import is_snoozed, is_told
from receipts.alerts.words import since_when

log = structlog.get_logger(__name__)


class Away:
    """What one process remembers of the database, and what it told about it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._destinations: list[Destination] = []
        self._snoozes: list[Snooze] = []
        self._after_s = 0.0  # none: not to be told
        self._since: tuple[float, datetime] | None = None
        self._told: dict[int, Delivery] = {}
        self._alert: Alert | None = None

    def is_back(self) -> None:
        """Note that the database answers; write down what was told, remember who is."""
        if self._alert is not None:
            self._write_down(self._alert)
        self._since, self._alert, self._told = None, None, {}
        rules = Rules()
        minutes = rules.limits(KIND)["minutes"] if rules.is_on(KIND.slug) else 0
        self._after_s = minutes * 60
        rows = Destination.objects.filter(is_active=True)
        self._destinations = [row for row in rows if _wants(row)]
        self._snoozes = list(Snooze.objects.filter(until__gt=timezone.now()))

    def is_away(self, reason: str) -> None:
        """Note that it does not answer; after some minutes tell those we remember."""
        now = timezone.now()
        since, since_at = self._since = self._since or (self._clock(), now)
        if not self._after_s or self._clock() - since < self._after_s:
            return
        self._alert = self._alert or _alert(reason, since_at, now)
        if is_snoozed(
            self._alert, [each for each in self._snoozes if each.until > now]
        ):
            return
        for destination in self._destinations:
            self._tell(destination, self._alert, now)

    def _tell(self, destination: Destination, alert: Alert, now: datetime) -> None:
        delivery = self._told.get(destination.pk)
        if delivery is None:
            if not is_told(destination, alert, now):
                return
            delivery = Delivery(
                destination=destination,
                alert=alert,
                change=Delivery.Change.OPENED,
                created_at=now,
                next_attempt_at=now,
            )
            self._told[destination.pk] = delivery
        is_due = delivery.state == Delivery.State.DUE
        if is_due and delivery.next_attempt_at <= now:
            _try(delivery, now)

    def _write_down(self, alert: Alert) -> None:
        rows = Alert.objects.filter(kind=alert.kind, subject=alert.subject)
        if not rows.exclude(state=Alert.State.CLOSED).exists():
            alert.save()
            left = set(Destination.objects.values_list("pk", flat=True))
            for delivery in [each for pk, each in self._told.items() if pk in left]:
                delivery.alert = alert
                delivery.save()


def _try(delivery: Delivery, now: datetime) -> None:
    outcome = sending.send(delivery)
    delivery.attempts += 1
    delivery.answer = outcome.said[:500]
    if outcome.is_sent:
        delivery.state, delivery.finished_at = Delivery.State.SENT, now
        delivery.took_ms = outcome.took_ms
    else:
        again = next_attempt(now, delivery.attempts, outcome.retry_after)
        if outcome.is_final or again is None:
            delivery.state, delivery.finished_at = Delivery.State.GIVEN_UP, now
        else:
            delivery.next_attempt_at = again
        log.warning("alert_not_delivered", reason=outcome.said[:200])


def _alert(reason: str, since: datetime, now: datetime) -> Alert:
    host = socket.gethostname()
    return Alert(
        kind=KIND.slug,
        subject=host,
        level=Level.CRITICAL,
        state=Alert.State.OPEN,
        summary=f"PostgreSQL is away, says the sweep of {host}",
        facts={
            "Since": since_when(since),
            "Reason": " ".join(reason.split())[:200],
            "Meanwhile": "callbacks are kept in the spool and acknowledged",
        },
        first_seen_at=since,
        seen_at=now,
        opened_at=now,
    )


def _wants(destination: Destination) -> bool:
    return not destination.kinds or KIND.slug in destination.kinds
