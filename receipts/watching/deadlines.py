"""Acknowledgements against the provider's limit, from the hourly counts of the door."""

from datetime import datetime, timedelta

import msgspec
from django.db.models import Max, Sum

from channels_cfg import registry
from channels_cfg.models import Channel
from receipts.models import AckHour


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """Acknowledgements of one channel: how many took over 50, 80, 100 % of the limit."""

    channel_id: int
    channel_key: str
    channel_name: str
    provider: str
    limit: timedelta
    n: int
    over_50: int
    over_80: int
    over_100: int
    slowest_ms: float

    @property
    def slowest_share(self) -> float:
        """How much of the limit the slowest took, in per cent."""
        return self.slowest_ms / self.limit.total_seconds() / 10

    @property
    def p99_within(self) -> int | None:
        """Below how much of the limit 99 of 100 stayed: 50, 80 or 100 %; None if over."""
        counts = {50: self.over_50, 80: self.over_80, 100: self.over_100}
        return next((p for p, over in counts.items() if over * 100 <= self.n), None)


def deadlines(since: datetime) -> list[Deadline]:
    """Return what was acknowledged in the hours from ``since``, by provider and channel.

    Channels without a push in that time, and those of unknown providers, are left out.
    """
    sums = {
        row["channel_id"]: row
        for row in AckHour.objects.filter(hour__gte=since)
        .values("channel_id")
        .annotate(
            acks=Sum("n"),
            half=Sum("over_50"),
            most=Sum("over_80"),
            late=Sum("over_100"),
            slowest=Max("slowest_ms"),
        )
    }
    adapters = registry.adapters()
    channels = Channel.objects.filter(pk__in=sums, provider__in=adapters)
    return [
        Deadline(
            channel_id=channel.pk,
            channel_key=channel.key,
            channel_name=channel.name,
            provider=channel.provider,
            limit=adapters[channel.provider].limits.ack_limit,
            n=row["acks"],
            over_50=row["half"],
            over_80=row["most"],
            over_100=row["late"],
            slowest_ms=row["slowest"],
        )
        for channel in channels.order_by("provider", "key")
        for row in (sums[channel.pk],)
    ]
