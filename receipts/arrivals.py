"""When each receipt type of a channel last arrived, by whichever road it may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from receipts.queues.health import Health

TYPES = {
    "mt_status": "MT status",
    "mo_message": "MO message",
    "template_audit": "Template audit",
    "any": "Any",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When one receipt type last arrived, by which roads it may."""

    receipt_type: str
    label: str
    at: datetime | None
    roads: tuple[str, ...]


def last_seen(channel: Channel, queues: Iterable[Health]) -> list[Seen]:
    """Return what is switched on of ``channel``; its paths and their use are fetched."""
    times: dict[str, list[tuple[str, datetime | None]]] = {}
    for callback_path in channel.callback_paths.all():
        if callback_path.is_enabled:
            pushed = ("push", _last_use(callback_path))
            times.setdefault(callback_path.receipt_type, []).append(pushed)
    for queue in queues:
        pulled = ("queue", queue.last_message_at)
        for row in rows_of(channel, queue):
            times.setdefault(row.receipt_type, []).append(pulled)
    return [
        Seen(
            receipt_type=word,
            label=label,
            at=max((at for _, at in times[word] if at), default=None),
            roads=tuple(dict.fromkeys(road for road, _ in times[word])),
        )
        for word, label in TYPES.items()
        if word in times
    ]


def rows_of(channel: Channel, queue: Health) -> list[ProviderQueue]:
    """Return the rows by which ``channel`` names this queue."""
    return [row for row in queue.rows if row.channel_id == channel.pk]


def _last_use(callback_path: CallbackPath) -> datetime | None:
    use = getattr(callback_path, "use", None)
    return use.last_used_at if use else None
