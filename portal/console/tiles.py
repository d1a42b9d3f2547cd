"""One tile a channel: what was last seen of each type, and what needs somebody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels_cfg import registry
from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from portal.console import acks
from portal.console.problems import Problems
from portal.console.tallies import Day, failure_rates_before
from receipts.queues import health
from receipts.queues.health import Alarm, Health

QUIET = timedelta(hours=24)
FEW = 20  # failures of a day, below which a rate says nothing
SLOW_SHARE = 50  # per cent of the provider's limit
TYPES = {
    "mt_status": "MT status",
    "mo_message": "MO message",
    "template_audit": "Template audit",
    "any": "Any",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When one receipt type last arrived, by which roads it may."""

    label: str
    at: datetime | None
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A channel as the overview shows it; ``needs`` says what is wrong, if anything."""

    channel: Channel
    seen: list[Seen]
    needs: list[str]
    is_waiting: bool  # for its very first receipt
    receipts: int
    failures: int
    failure_rate: float | None  # per cent of its MT statuses
    failure_rate_before: float | None  # the same of the week before
    quarantined: int
    ack_p99_ms: float | None
    ack_limit: timedelta | None
    queues: list[Health]

    @property
    def is_worse(self) -> bool:
        """Whether failures grew by what cannot be chance in so many receipts."""
        rate, before = self.failure_rate, self.failure_rate_before
        is_much = self.failures >= FEW
        return is_much and None not in (rate, before) and rate > 2 * before  # type: ignore[operator]  # neither is None

    @property
    def ack_share(self) -> float:
        """How much of the provider's limit the slowest acks take, in per cent."""
        if self.ack_p99_ms is None or not self.ack_limit:
            return 0.0
        return self.ack_p99_ms / self.ack_limit.total_seconds() / 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What is read once for all tiles."""

    day: Day
    quarantined: Counter[str]
    rates: Mapping[int, float]
    acks: Mapping[int, float]
    queues: list[Health]


def tiles(day: Day, problems: Problems, now: datetime) -> list[Tile]:
    """Return the tiles of active channels, those that need somebody first."""
    rows = list(_channels())
    lately = Lately(
        day=day,
        quarantined=_counted(problems),
        rates=failure_rates_before(now),
        acks=acks.slowest([row.pk for row in rows], now),
        queues=health.queues(),
    )
    made = [_tile(channel, lately, now) for channel in rows]
    return sorted(made, key=lambda tile: (not tile.needs, tile.channel.key))


def _counted(problems: Problems) -> Counter[str]:
    counted: Counter[str] = Counter()
    for problem in problems.groups:
        counted[problem.channel] += problem.count
    return counted


def _channels() -> Iterable[Channel]:
    rows = Channel.objects.filter(is_active=True)
    return rows.prefetch_related("callback_paths__use")


def _tile(channel: Channel, lately: Lately, now: datetime) -> Tile:
    counts = lately.day.by_channel.get(channel.pk, Counter())
    statuses = counts["statuses"] + counts["failures"]
    queues = [each for each in lately.queues if _rows_of(channel, each)]
    seen = _seen(channel, queues)
    adapter = registry.adapters().get(channel.provider)
    tile = Tile(
        channel=channel,
        seen=seen,
        needs=[],
        is_waiting=all(each.at is None for each in seen),
        receipts=counts.total(),
        failures=counts["failures"],
        failure_rate=100 * counts["failures"] / statuses if statuses else None,
        failure_rate_before=lately.rates.get(channel.pk),
        quarantined=lately.quarantined[channel.key],
        ack_p99_ms=lately.acks.get(channel.pk),
        ack_limit=adapter.limits.ack_limit if adapter else None,
        queues=queues,
    )
    return replace(tile, needs=list(_needs(tile, now)))


def _needs(tile: Tile, now: datetime) -> Iterable[str]:
    yield from _silence(tile.seen, now)
    yield from _alarms(tile.queues)
    yield from _held(tile.quarantined)
    if tile.ack_share > SLOW_SHARE:
        yield f"Acknowledging takes {tile.ack_share:.0f} % of the time it may"
    if tile.is_worse:
        yield "Failures have more than doubled against the week before"


def _seen(channel: Channel, queues: list[Health]) -> list[Seen]:
    times: dict[str, list[tuple[str, datetime | None]]] = {}
    for callback_path in channel.callback_paths.all():
        if callback_path.is_enabled:
            pushed = ("push", _last_use(callback_path))
            times.setdefault(callback_path.receipt_type, []).append(pushed)
    for queue in queues:
        pulled = ("queue", queue.last_message_at)
        for row in _rows_of(channel, queue):
            times.setdefault(row.receipt_type, []).append(pulled)
    return [
        Seen(
            label=label,
            at=max((at for _, at in times[word] if at), default=None),
            roads=tuple(dict.fromkeys(road for road, _ in times[word])),
        )
        for word, label in TYPES.items()
        if word in times
    ]


def _rows_of(channel: Channel, queue: Health) -> list[ProviderQueue]:
    return [row for row in queue.rows if row.channel_id == channel.pk]


def _last_use(callback_path: CallbackPath) -> datetime | None:
    use = getattr(callback_path, "use", None)
    return use.last_used_at if use else None


def _silence(seen: list[Seen], now: datetime) -> Iterable[str]:
    if not seen:
        yield "No callback path and no queue is switched on"
        return
    latest = max((each.at for each in seen if each.at), default=None)
    if latest is not None and now - latest > QUIET:
        yield "Nothing has arrived for over 24 hours"


def _alarms(queues: list[Health]) -> Iterable[str]:
    for queue in queues:
        name = queue.name.name
        if queue.alarm is Alarm.STOPPED:
            yield f"Queue {name} is stopped: {queue.last_error}"
        elif queue.alarm is Alarm.SILENT:
            yield f"Queue {name} has not been pulled for 5 minutes"
        elif queue.alarm is Alarm.BEHIND:
            yield f"Queue {name} is over an hour behind"


def _held(quarantined: int) -> Iterable[str]:
    if quarantined:
        yield f"{quarantined:,} item{'s' * (quarantined != 1)} in quarantine"
