"""Counts of the last day, from the hourly roll-ups alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Sum

from channels_cfg.wire import FAILURES, RANKS, Kind, Status
from receipts.models import Callback, MessageCount, QuarantinedItem, ReceiptCount

HOURS = 24
MOST_UNFOLDED = 10_000
_HOUR = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Hour:
    """What was accepted in one hour: folded, waiting to be read, or not readable.

    ``failures`` are folded as well: they tell of a message that failed.
    """

    start: datetime
    statuses: int = 0
    failures: int = 0
    inbound: int = 0
    others: int = 0
    waiting: int = 0  # callbacks: how many receipts they hold is not known before
    unread: int = 0

    @property
    def folded(self) -> int:
        """Receipts that were read and folded into messages and conversations."""
        return self.statuses + self.failures + self.inbound + self.others

    @property
    def total(self) -> int:
        """All that was accepted."""
        return self.folded + self.waiting + self.unread


@dataclass(slots=True, kw_only=True)
class Day:
    """The last 24 hours, the present one included."""

    hours: list[Hour]
    by_channel: dict[int, Counter[str]] = field(default_factory=dict)  # kinds, failed

    @property
    def total(self) -> int:
        """All that was accepted in the day."""
        return sum(hour.total for hour in self.hours)

    @property
    def folded(self) -> int:
        """The receipts of the day."""
        return sum(hour.folded for hour in self.hours)

    @property
    def waiting(self) -> int:
        """Callbacks of the day that wait to be read."""
        return sum(hour.waiting for hour in self.hours)

    @property
    def unread(self) -> int:
        """Items and bodies of the day that could not be read."""
        return sum(hour.unread for hour in self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How far the MT messages of the day got; each number holds those after it."""

    known: int
    sent: int
    delivered: int
    read: int
    failed: int


def receipts_of_day(now: datetime) -> Day:
    """Return what the last 24 hours brought."""
    hours = {start: Hour(start=start) for start in _hours(now)}
    day = Day(hours=list(hours.values()))
    rows = (
        ReceiptCount.objects.filter(hour__gte=min(hours))
        .values_list("hour", "channel_id", "kind", "status")
        .annotate(total=Sum("n"))
    )
    for start, channel, kind, status, total in rows:
        part = _part(kind, status)
        if start in hours:
            setattr(hours[start], part, getattr(hours[start], part) + total)
        day.by_channel.setdefault(channel, Counter())[part] += total
    _add_unfolded(hours)
    return day


def _add_unfolded(hours: dict[datetime, Hour]) -> None:
    """Add what is not folded, a bounded number of it: by index, never by a scan."""
    since = min(hours)
    pending = Callback.objects.filter(
        state=Callback.State.PENDING, received_at__gte=since
    )
    for at in pending.values_list("received_at", flat=True)[:MOST_UNFOLDED]:
        if hour := hours.get(_hour_of(at)):
            hour.waiting += 1
    open_items = QuarantinedItem.objects.filter(
        created_at__gte=since, state=QuarantinedItem.State.OPEN
    )
    for at in open_items.values_list("received_at", flat=True)[:MOST_UNFOLDED]:
        if hour := hours.get(_hour_of(at)):
            hour.unread += 1


def failure_rates_before(now: datetime) -> dict[int, float]:
    """Return the share of failures in the week before the last 24 hours, in per cent.

    By channel; one without a status in that week lacks.
    """
    end = min(_hours(now))
    rows = (
        ReceiptCount.objects.between(end - timedelta(days=7), end)
        .filter(kind=Kind.STATUS)
        .values_list("channel_id", "status")
        .annotate(total=Sum("n"))
    )
    counted: dict[int, Counter[str]] = {}
    for channel, status, total in rows:
        counted.setdefault(channel, Counter())[_part(Kind.STATUS, status)] += total
    return {
        channel: 100 * parts["failures"] / parts.total()
        for channel, parts in counted.items()
        if parts.total()
    }


def funnel_of_day(now: datetime) -> Funnel:
    """Return how far messages got whose first time lies in the last 24 hours."""
    rows = (
        MessageCount.objects.filter(hour__gte=min(_hours(now)))
        .exclude(status=Status.RECEIVED)
        .values_list("status")
        .annotate(total=Sum("n"))
    )
    counted = dict(rows)
    return Funnel(
        known=sum(counted.values()),
        sent=_from(counted, Status.SENT),
        delivered=_from(counted, Status.DELIVERED),
        read=_from(counted, Status.READ),
        failed=sum(counted.get(status, 0) for status in FAILURES),
    )


def _from(counted: dict[str, int], least: Status) -> int:
    return sum(
        total
        for status, total in counted.items()
        if RANKS.get(status, 0) >= RANKS[least]
    )


def _part(kind: str, status: str | None) -> str:
    if kind == Kind.INBOUND:
        return "inbound"
    if kind != Kind.STATUS:
        return "others"
    return "failures" if status in FAILURES else "statuses"


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _hours(now: datetime) -> Iterable[datetime]:
    last = _hour_of(now)
    return [last - _HOUR * back for back in range(HOURS - 1, -1, -1)]
