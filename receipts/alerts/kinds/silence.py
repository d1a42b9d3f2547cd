"""A channel, or one receipt type of it, that has gone silent.

Two judges: a fixed number of hours, and the channel's own week. The second compares
how long nothing has come with the same hours of each of the four weeks before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from channels_cfg.models import Channel
from channels_cfg.wire import Kind
from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.alerts.words import ago, since_when
from receipts.arrivals import TYPES, Seen
from receipts.models import ReceiptCount

WEEKS = 4
FEWEST_WEEKS = 2  # of history, before a week is said to be usual
_LONGEST = timedelta(hours=24)  # compared; a longer silence changes nothing more
_KINDS: Mapping[str, tuple[str, ...] | None] = {
    "mt_status": (Kind.STATUS,),
    "mo_message": (Kind.INBOUND,),
    "template_audit": (Kind.TEMPLATE,),
    "any": None,  # all
}
_Series = tuple[int, str | None]  # channel, kind; None: all kinds
_HOUR, _WEEK = timedelta(hours=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quiet:
    """A receipt type that brings nothing at present."""

    channel: Channel
    seen: Seen
    since: datetime
    limits: Mapping[str, float]

    @property
    def subject(self) -> str:
        return f"{self.channel.key}/{self.seen.receipt_type}"


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find what has gone silent; the fixed limit only where the week says nothing."""
    found = set()
    for finding in _learned(_quiet(look, rules), look.now):
        found.add(finding.channel_id)
        yield finding
    for channel in look.channels:
        if channel.pk not in found and rules.is_on(KIND.slug, channel.pk):
            limits = rules.limits(KIND, channel.pk)
            yield from _fixed(channel, look.seen(channel), limits, look.now)


def _quiet(look: Look, rules: Rules) -> Iterator[_Quiet]:
    for channel in look.channels:
        limits = rules.limits(KIND, channel.pk)
        if not rules.is_on(KIND.slug, channel.pk) or not limits["least"]:
            continue
        for seen in look.seen(channel):
            at = seen.at
            if at and look.now - at >= timedelta(minutes=limits["minutes"]):
                yield _Quiet(channel=channel, seen=seen, since=at, limits=limits)


def _learned(quiet: Iterable[_Quiet], now: datetime) -> Iterator[Finding]:
    rows = list(quiet)
    if not rows:
        return
    for each, usual in zip(rows, _usual(rows, now), strict=True):
        # A week before the channel began tells nothing; an empty one in between does.
        weeks = _with_history(usual)
        if len(weeks) >= FEWEST_WEEKS and min(weeks) >= each.limits["least"]:
            yield _told(each, weeks, now)


def _usual(rows: Sequence[_Quiet], now: datetime) -> list[list[float]]:
    """Return what each of the weeks before brought in the hours of each silence."""
    counts = _counts(rows, now)
    usual = []
    for row in rows:
        by_hour = counts.get((row.channel.pk, _kind_of(row.seen)), {})
        spans = [_span(row, week, now) for week in range(1, WEEKS + 1)]
        usual.append([_expected(by_hour, *span) for span in spans])
    return usual


def _counts(
    rows: Sequence[_Quiet], now: datetime
) -> dict[_Series, dict[datetime, int]]:
    """Return receipts by hour, of each channel and kind and of each channel at all."""
    hours = {
        hour
        for row in rows
        for week in range(1, WEEKS + 1)
        for hour in _hours(*_span(row, week, now))
    }
    channels = {row.channel.pk for row in rows}
    # Named one by one, so that the index finds each hour of each channel.
    found = (
        ReceiptCount.objects.filter(hour__in=hours, channel_id__in=channels)
        .values_list("hour", "channel_id", "kind")
        .order_by()
        .annotate(total=Sum("n"))
    )
    counts: dict[_Series, dict[datetime, int]] = {}
    for hour, channel, kind, total in found:
        for series in ((channel, kind), (channel, None)):
            by_hour = counts.setdefault(series, {})
            by_hour[hour] = by_hour.get(hour, 0) + total
    return counts


def _span(row: _Quiet, week: int, now: datetime) -> tuple[datetime, datetime]:
    back = week * _WEEK
    return row.since - back, min(now, row.since + _LONGEST) - back


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    hour = start.replace(minute=0, second=0, microsecond=0)
    while hour < end:
        yield hour
        hour += _HOUR


def _expected(by_hour: Mapping[datetime, int], start: datetime, end: datetime) -> float:
    """Add up the hours; of half an hour that brought 60 in all, 30 are expected."""
    return sum(
        by_hour.get(hour, 0) * ((min(hour + _HOUR, end) - max(hour, start)) / _HOUR)
        for hour in _hours(start, end)
    )


def _kind_of(seen: Seen) -> str | None:
    kinds = _KINDS[seen.receipt_type]
    return kinds[0] if kinds else None


def _with_history(usual: Sequence[float]) -> list[float]:
    """Return the counts of the weeks, the latest first, without empty ones at the end."""
    weeks = [round(count) for count in usual]
    while weeks and not weeks[-1]:
        weeks.pop()
    return [float(count) for count in weeks]


def _told(each: _Quiet, weeks: Sequence[float], now: datetime) -> Finding:
    name = TYPES[each.seen.receipt_type]
    usual = ", ".join(f"{count:,.0f}" for count in weeks)
    return Finding(
        subject=each.subject,
        channel_id=each.channel.pk,
        level=Level.CRITICAL,
        summary=f"{each.channel.name}: no {name} receipt for {ago(each.since, now)}",
        facts={
            "Receipt type": name,
            "Last receipt": since_when(each.since),
            "Same hours of the weeks before": f"{usual} receipts",
            "Comes by": " and ".join(each.seen.roads),
        },
        path=f"/admin/arrivals/{each.channel.pk}/",
    )


def _fixed(
    channel: Channel, seen: list[Seen], limits: Mapping[str, float], now: datetime
) -> Iterator[Finding]:
    latest = max((each.at for each in seen if each.at), default=None)
    hours = limits["hours"]
    if hours and latest and now - latest > timedelta(hours=hours):
        yield Finding(
            subject=channel.key,
            channel_id=channel.pk,
            level=Level.CRITICAL,
            summary=f"{channel.name}: nothing has arrived for over {hours:g} hours",
            facts={"Last receipt": since_when(latest)},
            path=f"/admin/arrivals/{channel.pk}/",
        )


KIND = AlertKind(
    slug="silence",
    label="Silence",
    tells="A channel brings nothing for a fixed time, or one of its receipt types "
    "brings nothing in hours that were never empty in the weeks before.",
    judge=judge,
    limits=(
        Limit(name="hours", label="Fixed limit (0: none)", default=24, unit="h"),
        Limit(
            name="least",
            label="Receipts that the same time brought in every week before (0: off)",
            default=10,
        ),
        Limit(
            name="minutes",
            label="Shortest silence that is compared",
            default=30,
            unit="min",
            least=5,
        ),
    ),
    clear=0,
)
