"""One tile a channel: what was last seen of each type, and what needs somebody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from portal.console.problems import Problems
from portal.console.tallies import Day
from receipts.models import QueueState

QUIET = timedelta(hours=24)
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
    quarantined: int


def tiles(day: Day, problems: Problems, now: datetime) -> list[Tile]:
    """Return the tiles of active channels, those that need somebody first."""
    states = {
        (state.endpoint, state.queue_name): state for state in QueueState.objects.all()
    }
    quarantined = Counter({problem.channel: 0 for problem in problems.groups})
    for problem in problems.groups:
        quarantined[problem.channel] += problem.count
    made = [
        _tile(channel, states, day, quarantined[channel.key], now)
        for channel in _channels()
    ]
    return sorted(made, key=lambda tile: (not tile.needs, tile.channel.key))


def _channels() -> Iterable[Channel]:
    rows = Channel.objects.filter(is_active=True).select_related("queue_account")
    return rows.prefetch_related("callback_paths__use", "queues")


def _tile(
    channel: Channel,
    states: Mapping[tuple[str, str], QueueState],
    day: Day,
    quarantined: int,
    now: datetime,
) -> Tile:
    counts = day.by_channel.get(channel.pk, Counter())
    statuses = counts["statuses"] + counts["failures"]
    queues = list(_queues(channel, states))
    seen = _seen(channel, queues)
    is_waiting = all(each.at is None for each in seen)
    return Tile(
        channel=channel,
        seen=seen,
        needs=[*_silence(seen, now), *_stopped(queues), *_held(quarantined)],
        is_waiting=is_waiting,
        receipts=counts.total(),
        failures=counts["failures"],
        failure_rate=100 * counts["failures"] / statuses if statuses else None,
        quarantined=quarantined,
    )


def _queues(
    channel: Channel, states: Mapping[tuple[str, str], QueueState]
) -> Iterable[tuple[ProviderQueue, QueueState | None]]:
    account = getattr(channel, "queue_account", None)
    for queue in channel.queues.all():
        if queue.is_enabled:
            endpoint = account.queue_endpoint if account else ""
            yield queue, states.get((endpoint, queue.queue_name))


def _seen(
    channel: Channel, queues: list[tuple[ProviderQueue, QueueState | None]]
) -> list[Seen]:
    times: dict[str, list[tuple[str, datetime | None]]] = {}
    for callback_path in channel.callback_paths.all():
        if callback_path.is_enabled:
            pushed = ("push", _last_use(callback_path))
            times.setdefault(callback_path.receipt_type, []).append(pushed)
    for queue, state in queues:
        pulled = ("queue", state.last_message_at if state else None)
        times.setdefault(queue.receipt_type, []).append(pulled)
    return [
        Seen(
            label=label,
            at=max((at for _, at in times[word] if at), default=None),
            roads=tuple(dict.fromkeys(road for road, _ in times[word])),
        )
        for word, label in TYPES.items()
        if word in times
    ]


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


def _stopped(queues: list[tuple[ProviderQueue, QueueState | None]]) -> Iterable[str]:
    for queue, state in queues:
        if state is not None and state.is_stopped:
            yield f"Queue {queue.queue_name} is stopped: {state.last_error}"


def _held(quarantined: int) -> Iterable[str]:
    if quarantined:
        yield f"{quarantined:,} item{'s' * (quarantined != 1)} in quarantine"
