"""Acknowledgements that take much of the time that the provider gives.

Two sources: the latest pushes themselves, whose time ends when their insert was sent,
and the door's own counts of the present hour, which hold all of the wait.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from channels_cfg import registry
from channels_cfg.models import Channel
from receipts import acks
from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.models import AckHour

_COUNTED = (50, 80, 100)  # per cent of the limit, over which the door counts
_P99 = 0.01  # more than this share over a limit: the p99 is over it


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find channels whose slowest acks come near the provider's limit."""
    rows = [row for row in look.channels if rules.is_on(KIND.slug, row.pk)]
    if not rows:
        return
    since = look.now - timedelta(minutes=rules.limits(KIND)["minutes"])
    slowest = acks.slowest([row.pk for row in rows], since)
    hour = look.now.replace(minute=0, second=0, microsecond=0)
    hours = {each.channel_id: each for each in AckHour.objects.filter(hour=hour)}
    for row in rows:
        limit_ms, limits = _limit_ms(row), rules.limits(KIND, row.pk)
        if limit_ms is None:
            continue
        p99, counted = slowest.get(row.pk), hours.get(row.pk)
        if p99 is not None and 100 * p99 / limit_ms > limits["share"]:
            yield _of_pushes(row, p99, limit_ms)
        elif counted is not None and _is_late(counted, limits):
            yield _of_hour(row, counted, limits["share"], limit_ms)


def _limit_ms(channel: Channel) -> float | None:
    adapter = registry.adapters().get(channel.provider)
    return adapter.limits.ack_limit.total_seconds() * 1000 if adapter else None


def _over(share: float) -> int:
    return next((each for each in _COUNTED if each >= share), _COUNTED[-1])


def _late(counted: AckHour, share: float) -> int:
    return int(getattr(counted, f"over_{_over(share)}"))


def _is_late(counted: AckHour, limits: Mapping[str, float]) -> bool:
    late = _late(counted, limits["share"])
    return late >= limits["least"] and late > _P99 * counted.n


def _of_pushes(channel: Channel, p99: float, limit_ms: float) -> Finding:
    share = 100 * p99 / limit_ms
    facts = {"Slowest acknowledgements (p99)": f"{p99:,.0f} ms"}
    return _told(channel, f"acknowledging takes {share:.0f} %", facts, limit_ms)


def _of_hour(
    channel: Channel, counted: AckHour, share: float, limit_ms: float
) -> Finding:
    said = f"acknowledging takes over {_over(share)} %"
    facts = {
        "Of this hour": f"{_late(counted, share):,} of {counted.n:,} acknowledgements",
        "Slowest": f"{counted.slowest_ms:,.0f} ms",
    }
    return _told(channel, said, facts, limit_ms)


def _told(
    channel: Channel, said: str, facts: Mapping[str, str], limit_ms: float
) -> Finding:
    return Finding(
        subject=channel.key,
        channel_id=channel.pk,
        level=Level.CRITICAL,
        summary=f"{channel.name}: {said} of the time it may",
        facts={**facts, "The provider waits": f"{limit_ms:,.0f} ms"},
        path=f"/admin/arrivals/{channel.pk}/",
    )


KIND = AlertKind(
    slug="ack",
    label="Slow acknowledgements",
    tells="The p99 of the latest acks takes much of the time that the provider gives.",
    judge=judge,
    limits=(
        Limit(
            name="share",
            label="Share of the provider's limit",
            default=50,
            unit="%",
            least=1,
            most=100,
        ),
        Limit(
            name="minutes",
            label="Pushes of the last",
            default=15,
            unit="min",
            least=1,
            most=1440,
        ),
        Limit(name="least", label="Late in this hour, at least", default=3, least=1),
    ),
)
