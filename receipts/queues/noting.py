"""What is written down of a queue for ops staff; times by the database's clock."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Now

from channels_cfg.pulling import QueueMessage
from receipts.database import within
from receipts.models import QueueState
from receipts.queues.leases import DATABASE_S, state_of
from receipts.queues.wanted import Place, QueueName


def note_kept(
    place: Place,
    messages: Sequence[QueueMessage],
    *,
    deleted: int,
    token_expires_at: datetime | None,
) -> None:
    """Count ``messages``, in the transaction that keeps them."""
    times = [each.enqueued_at for each in messages if each.enqueued_at is not None]
    state_of(place).update(
        last_pulled_at=Now(),
        last_message_at=Now(),
        oldest_enqueued_at=min(times, default=None),
        received=F("received") + len(messages),
        redelivered=F("redelivered") + sum(m.dequeue_count > 1 for m in messages),
        deleted=F("deleted") + deleted,
        token_expires_at=token_expires_at,
        is_stopped=False,
    )


@within(DATABASE_S)
def note_empty(
    place: Place, *, deleted: int, token_expires_at: datetime | None
) -> None:
    """Note that nothing waits in the queue."""
    state_of(place).update(
        last_pulled_at=Now(),
        oldest_enqueued_at=None,
        deleted=F("deleted") + deleted,
        token_expires_at=token_expires_at,
        is_stopped=False,
    )


@within(DATABASE_S)
def note_deleted(place: Place, deleted: int) -> None:
    """Count what was deleted since the last note."""
    state_of(place).update(deleted=F("deleted") + deleted)


@within(DATABASE_S)
def note_error(place: Place, words: str, *, is_stopped: bool) -> None:
    """Note what went wrong, in words with its fix; ``is_stopped`` waits for ops."""
    # A provider's words may hold what PostgreSQL does not take.
    cleaned = words.replace("\0", "")[:2000]
    state_of(place).update(
        last_error=cleaned, last_error_at=Now(), is_stopped=is_stopped
    )


@within(DATABASE_S)
def is_stopped(place: Place) -> bool:
    """Say whether ``place`` still waits for ops staff."""
    return state_of(place).filter(is_stopped=True).exists()


def ask_for_retry(queue: QueueName) -> int:
    """Let a stopped queue be tried again; return how many places were stopped."""
    stopped = QueueState.objects.filter(
        endpoint=queue.endpoint, queue_name=queue.name, is_stopped=True
    )
    return stopped.update(is_stopped=False)
