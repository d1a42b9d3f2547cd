"""How each queue is doing: plain reads for the admin, the API and ``/metrics``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from channels_cfg.models import ProviderQueue
from receipts.models import QueueState
from receipts.queues.wanted import QueueName, name_of, pulled_rows

SILENT_AFTER = timedelta(minutes=5)
# The provider keeps a message for four days: long before that.
BEHIND_AFTER = timedelta(hours=1)


class Alarm(StrEnum):
    """What ops staff must look at; the first that holds."""

    STOPPED = "stopped"  # refused as it is configured, waits for somebody
    SILENT = "silent"  # not pulled for five minutes, by any consumer
    BEHIND = "behind"  # messages older than an hour waited when it was last pulled
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One queue that is switched on, over all its places, now and before."""

    name: QueueName
    rows: tuple[ProviderQueue, ...]  # of each channel that names it, its own first
    alarm: Alarm
    holders: tuple[str, ...]  # host and process of who pulls it now
    last_pulled_at: datetime | None
    last_message_at: datetime | None
    oldest_enqueued_at: datetime | None
    received: int
    deleted: int
    redelivered: int
    token_expires_at: datetime | None
    last_error: str
    last_error_at: datetime | None

    @property
    def present_error(self) -> str:
        """The last error, unless the queue was pulled since; '' for none."""
        if self.last_error_at is None:
            return ""
        is_over = self.last_pulled_at is not None and (
            self.last_pulled_at > self.last_error_at
        )
        return "" if is_over else self.last_error


def queues() -> list[Health]:
    """Return every queue that is switched on; two queries, whatever their number."""
    states: dict[QueueName, list[QueueState]] = {}
    for state in QueueState.objects.order_by("place"):
        name = QueueName(state.endpoint, state.queue_name)
        states.setdefault(name, []).append(state)
    return [
        _health(name, rows, states.get(name, []))
        for name, rows in pulled_rows().items()
    ]


def places_of(row: ProviderQueue) -> list[QueueState]:
    """Return every place from which the queue of ``row`` was ever pulled."""
    endpoint, name = name_of(row)
    states = QueueState.objects.filter(endpoint=endpoint, queue_name=name)
    return list(states.order_by("place"))


def _health(
    name: QueueName, rows: Sequence[ProviderQueue], states: Sequence[QueueState]
) -> Health:
    now = timezone.now()
    places = states[: max(row.consumers for row in rows)]
    failed_at = _latest(states, lambda state: state.last_error_at)
    return Health(
        name=name,
        rows=tuple(rows),
        alarm=_alarm(places, now, switched_on_at=min(row.updated_at for row in rows)),
        holders=tuple(
            s.holder for s in states if s.lease_until and s.lease_until > now
        ),
        last_pulled_at=_latest(states, lambda state: state.last_pulled_at),
        last_message_at=_latest(states, lambda state: state.last_message_at),
        oldest_enqueued_at=_oldest(places),
        received=sum(state.received for state in states),
        deleted=sum(state.deleted for state in states),
        redelivered=sum(state.redelivered for state in states),
        token_expires_at=_latest(states, lambda state: state.token_expires_at),
        last_error=next(
            (
                s.last_error
                for s in states
                if failed_at and s.last_error_at == failed_at
            ),
            "",
        ),
        last_error_at=failed_at,
    )


def _alarm(
    places: Sequence[QueueState], now: datetime, *, switched_on_at: datetime
) -> Alarm:
    if any(state.is_stopped for state in places):
        return Alarm.STOPPED
    pulled_at = _latest(places, lambda state: state.last_pulled_at)
    if now - max(pulled_at or switched_on_at, switched_on_at) > SILENT_AFTER:
        return Alarm.SILENT
    oldest = _oldest(places)
    if oldest is not None and now - oldest > BEHIND_AFTER:
        return Alarm.BEHIND
    return Alarm.NONE


def _latest(
    states: Iterable[QueueState], time_of: Callable[[QueueState], datetime | None]
) -> datetime | None:
    return max((at for state in states if (at := time_of(state))), default=None)


def _oldest(places: Iterable[QueueState]) -> datetime | None:
    times = (state.oldest_enqueued_at for state in places)
    return min((at for at in times if at), default=None)
