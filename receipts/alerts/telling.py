"""Who must be told what: once a change of state, not in quiet hours, not while snoozed.

What happened in between is told by its outcome: an alert that opened and closed while
a destination was left in peace is not told there at all.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from receipts.alerts.findings import Level
from receipts.alerts.models import Alert, Delivery, Destination, Snooze
from receipts.alerts.zones import is_quiet

_STALE = timedelta(days=7)  # a recovery that could not be told for so long is not


def plan(now: datetime) -> int:
    """Write a delivery for each change that a destination must hear of; return how many."""
    snoozes = list(Snooze.objects.filter(until__gt=now))
    made = []
    for destination in Destination.objects.filter(is_active=True):
        for alert, change in _changes(destination, now):
            if is_told(destination, alert, now) and not is_snoozed(alert, snoozes):
                made.append(
                    Delivery(
                        destination=destination,
                        alert=alert,
                        change=change,
                        created_at=now,
                        next_attempt_at=now,
                    )
                )
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def is_told(destination: Destination, alert: Alert, now: datetime) -> bool:
    """Say whether ``destination`` hears of ``alert`` at this hour."""
    if alert.level == Level.CRITICAL and destination.wakes:
        return True
    return not is_quiet(
        now,
        start=destination.quiet_from,
        end=destination.quiet_until,
        weekends=destination.quiet_weekends,
        zone=destination.zone,
    )


def is_snoozed(alert: Alert, snoozes: Iterable[Snooze]) -> bool:
    """Say whether one of ``snoozes`` names ``alert``."""
    return any(
        each.kind in ("", alert.kind)
        and each.subject in ("", alert.subject)
        and each.channel_id in (None, alert.channel_id)
        for each in snoozes
    )


def _changes(
    destination: Destination, now: datetime
) -> Iterable[tuple[Alert, Delivery.Change]]:
    told = Delivery.objects.filter(destination=destination, alert=OuterRef("pk"))
    opened = told.filter(change=Delivery.Change.OPENED)
    wanted = Alert.objects.filter(_wanted(destination))
    for alert in wanted.filter(~Exists(opened), state=Alert.State.OPEN):
        yield alert, Delivery.Change.OPENED
    over = Alert.objects.filter(
        Exists(opened.exclude(state=Delivery.State.GIVEN_UP)),
        ~Exists(told.filter(change=Delivery.Change.CLOSED)),
        state=Alert.State.CLOSED,
        closed_at__gt=now - _STALE,
    )
    for alert in over:  # who heard of the beginning hears of the end
        yield alert, Delivery.Change.CLOSED


def _wanted(destination: Destination) -> Q:
    wanted = Q()
    if destination.kinds:
        wanted &= Q(kind__in=destination.kinds)
    if destination.level == Level.CRITICAL:
        wanted &= Q(level=Level.CRITICAL)
    if chosen := list(destination.channels.values_list("pk", flat=True)):
        wanted &= Q(channel_id__in=chosen) | Q(channel_id__isnull=True)
    return wanted
