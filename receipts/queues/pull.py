"""One receive after the other: what came is kept and committed, only then deleted."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from django.db import OperationalError, connection, transaction

from channels_cfg.pulling import OpenQueue, QueueError, QueueMessage, Undeleted
from channels_cfg.wire import ReceiptMode
from receipts.database import NotReplicated, TookTooLong, within
from receipts.deliveries import Delivery, insert_many
from receipts.ids import uuid7
from receipts.nudge import nudge
from receipts.queues import noting
from receipts.queues.leases import DATABASE_S
from receipts.queues.wanted import Place, Wanted

log = structlog.get_logger(__name__)

# Of a backlog, what is kept by one commit; well within the time it is hidden.
MOST_BATCHES = 8
GATHER_S = 0.5


class Pull:
    """One thread's pulling from one place; close it. Raises ``QueueError``."""

    def __init__(self, place: Place, wanted: Wanted, queue: OpenQueue) -> None:
        self._place = place
        self._wanted = wanted
        self._queue = queue
        self._client = queue.client()
        self._deleted = 0  # since the last note
        self.holds_nothing = threading.Event()  # received, and not yet deleted
        self.holds_nothing.set()

    def turn(self, wait_s: int, is_late: Callable[[], bool] = lambda: False) -> int:
        """Receive once, keep, delete; return how many messages came.

        What came when ``is_late`` is dropped: it stays in the queue and comes again.
        Raises ``QueueError`` and ``DatabaseError``; both leave nothing half done.
        """
        first = self._client.receive(wait_s)
        if is_late():
            return 0
        if not first:
            self._note_empty()
            return 0
        self.holds_nothing.clear()
        try:
            return self._take(first)
        finally:
            self.holds_nothing.set()

    def close(self) -> None:
        """Drop the connection, and note what was deleted last."""
        self._client.close()
        if self._deleted:
            noting.note_deleted(self._place, self._deleted)

    def _take(self, first: Sequence[QueueMessage]) -> int:
        batches = self._gather(first)
        messages = [each for batch in batches for each in batch]
        self._keep(messages)
        for batch in batches:
            self._delete(batch)
        return len(messages)

    def _gather(self, first: Sequence[QueueMessage]) -> list[Sequence[QueueMessage]]:
        """Receive more while more waits: a commit each would be the slowest part."""
        batches = [first]
        until = time.monotonic() + GATHER_S
        while len(batches[-1]) >= self._client.most and len(batches) < MOST_BATCHES:
            if time.monotonic() > until:
                break
            try:
                batches.append(self._client.receive(0))
            except QueueError:
                break  # what came is kept first; the next turn meets it if it lasts
        return batches

    def _keep(self, messages: Sequence[QueueMessage]) -> None:
        deliveries = [self._delivery(message) for message in messages]
        try:
            self._store(deliveries, messages)
        except OperationalError as exc:
            if isinstance(exc.__cause__, TookTooLong | NotReplicated):
                raise
            # The connection may have died during the long poll: once more on a new one.
            connection.close()
            self._store(deliveries, messages)
        self._deleted = 0
        nudge()

    @within(DATABASE_S)
    def _store(
        self, deliveries: Sequence[Delivery], messages: Sequence[QueueMessage]
    ) -> None:
        with transaction.atomic():
            insert_many(deliveries)
            noting.note_kept(
                self._place,
                messages,
                deleted=self._deleted,
                token_expires_at=self._queue.token_expires_at,
            )

    def _note_empty(self) -> None:
        noting.note_empty(
            self._place,
            deleted=self._deleted,
            token_expires_at=self._queue.token_expires_at,
        )
        self._deleted = 0

    def _delivery(self, message: QueueMessage) -> Delivery:
        now = datetime.now(UTC)
        return Delivery(
            id=uuid7(now),
            received_at=now,
            channel_id=self._wanted.channel_id,
            receipt_type=self._wanted.address.receipt_type,
            mode=ReceiptMode.QUEUE,
            body=message.body,
            headers={
                "MessageId": message.message_id,
                "DequeueCount": str(message.dequeue_count),
            },
            queue=str(self._wanted.name),
            offered_at=message.enqueued_at,
        )

    def _delete(self, messages: Sequence[QueueMessage]) -> None:
        undeleted = self._delete_twice([each.receipt_handle for each in messages])
        self._deleted += len(messages) - len(undeleted)
        # A stale one is gone or comes again, and then counts once.
        for each in undeleted:
            if not each.is_stale:
                log.warning("not_deleted", code=each.code, words=each.words[:200])

    def _delete_twice(self, handles: Sequence[str]) -> Sequence[Undeleted]:
        try:
            return self._client.delete(handles)
        except QueueError as exc:
            if exc.is_configuration:
                raise
            # The answer may just have got lost; else all of them would come again.
            return self._client.delete(handles)
