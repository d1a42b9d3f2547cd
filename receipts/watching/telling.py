"""The loss clock: what each gap means for each channel that is pushed to."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from channels_cfg import registry
from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from channels_cfg.wire import ReceiptType
from receipts.watching import gaps, usual
from receipts.watching.gaps import Gap, Seen
from receipts.watching.losses import Fate, fate_of
from receipts.watching.usual import ByHour

DAYS = 30
_MOST_HOURS = timedelta(days=14)  # of one gap: a longer one is told without volume


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one gap means for one channel; numbers of receipts are None if unknown."""

    channel_key: str
    channel_name: str
    provider: str
    waits: tuple[timedelta, ...]
    fate: Fate
    usual: float | None  # in the whole gap
    usual_lost: float | None
    by_queue: tuple[str, ...]  # receipt types that the provider's queue brings as well


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One gap and what it means."""

    gap: Gap
    statements: tuple[Statement, ...]


def told(now: datetime) -> tuple[Seen, list[Told]]:
    """Return what was seen of the intake for 30 days, and what each gap means."""
    seen = gaps.seen(now - timedelta(days=DAYS), now)
    channels = list(_pushed())
    queues = _queues()
    volumes = usual.load(
        gap.window for gap in seen.gaps if gap.window.length <= _MOST_HOURS
    )
    return seen, [
        Told(
            gap=gap,
            statements=tuple(
                _statement(
                    each,
                    gap,
                    seen.gaps,
                    volumes=volumes,
                    by_queue=queues.get(each.pk, ()),
                    now=now,
                )
                for each in channels
            ),
        )
        for gap in seen.gaps
    ]


def _statement(
    channel: Channel,
    gap: Gap,
    every: Sequence[Gap],
    *,
    volumes: ByHour,
    by_queue: tuple[str, ...],
    now: datetime,
) -> Statement:
    waits = registry.adapter(channel.provider).limits.retry_after
    fate = fate_of(gap.window, [each.window for each in every], waits, now=now)
    return Statement(
        channel_key=channel.key,
        channel_name=channel.name,
        provider=channel.provider,
        waits=waits,
        fate=fate,
        usual=usual.volume(channel.pk, (gap.window,), volumes),
        usual_lost=usual.volume(channel.pk, fate.lost, volumes),
        by_queue=by_queue,
    )


def _pushed() -> Iterable[Channel]:
    """Return active channels of known providers that have an open callback path."""
    paths = CallbackPath.objects.filter(is_enabled=True)
    return Channel.objects.filter(
        is_active=True,
        provider__in=registry.adapters(),
        pk__in=paths.values("channel"),
    ).order_by("key")


def _queues() -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for row in ProviderQueue.objects.filter(is_enabled=True).order_by("receipt_type"):
        found.setdefault(row.channel_id, []).append(ReceiptType(row.receipt_type).value)
    return {channel: tuple(types) for channel, types in found.items()}
