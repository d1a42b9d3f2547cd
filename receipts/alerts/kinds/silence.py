"""A channel, or one receipt type of it, that has gone silent.

Two judges: a fixed number of hours, and the channel's own week. The second compares
how long nothing has come with the same hours of each of the four weeks before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_cfg.models import Channel
from channels_cfg.wire import Kind
from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.alerts.words import ago, since_when
from receipts.arrivals import TYPES, Seen
from receipts.processing.json_rows import run

WEEKS = 4
FEWEST_WEEKS = 2  # of history, before a week is said to be usual
_LONGEST = timedelta(hours=24)  # compared; a longer silence changes nothing more
_KINDS: Mapping[str, tuple[str, ...] | None] = {
    "mt_status": (Kind.STATUS,),
    "mo_message": (Kind.INBOUND,),
    "template_audit": (Kind.TEMPLATE,),
    "any": None,  # all
}
# Hours are weighed by how much of them the span covers: half of an hour that brings
# 60 receipts is expected to bring 30.
_USUAL = """
SELECT s.place, w.week, coalesce(sum(c.n * extract(epoch FROM
    least(c.hour + interval '1 hour', s.until - w.week * interval '7 days')
    - greatest(c.hour, s.since - w.week * interval '7 days')) / 3600), 0)
FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    AS s(place, channel_id, kind, since, until)
CROSS JOIN generate_series(1, %s) AS w(week)
LEFT JOIN receipts_receiptcount c ON c.channel_id = s.channel_id
    AND (s.kind IS NULL OR c.kind = s.kind)
    AND c.hour > s.since - w.week * interval '7 days' - interval '1 hour'
    AND c.hour < s.until - w.week * interval '7 days'
GROUP BY s.place, w.week ORDER BY s.place, w.week
"""


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
    counted = run(
        _USUAL,
        list(range(len(rows))),
        [row.channel.pk for row in rows],
        [_kind_of(row.seen) for row in rows],
        [row.since for row in rows],
        [min(now, row.since + _LONGEST) for row in rows],
        WEEKS,
    )
    usual: list[list[float]] = [[] for _ in rows]
    for place, _, count in counted:
        usual[place].append(float(count))
    return usual


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
            "Last seen": since_when(each.since),
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
            facts={"Last seen": since_when(latest)},
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
