"""What is received is kept, then deleted, and never the other way round."""

import pytest
from django.db import DatabaseError, OperationalError, connection

from channels_cfg.models import ProviderQueue
from channels_cfg.pulling import QueueError
from receipts.database import NotReplicated, TookTooLong
from receipts.models import Callback, QuarantinedItem, QueueState, Receipt
from receipts.processing.drain import drain
from receipts.queues import pull as pulling
from receipts.queues.leases import Leases
from receipts.queues.pull import Pull
from receipts.queues.wanted import Place, wanted
from tests.receipts.queues.conftest import status
from tests.smq.faults import Harm, Plan
from tests.smq.server import QUEUE, SmqServer


@pytest.fixture
def place(queue: ProviderQueue) -> Place:
    """The one place of the queue, taken."""
    (place,) = wanted(queue).places
    assert Leases().take(place)
    return place


@pytest.fixture
def pull(queue: ProviderQueue, place: Place) -> Pull:
    return Pull(place, wanted(queue), wanted(queue).open())


def test_message_becomes_a_callback_and_leaves_the_queue(
    smq: SmqServer, pull: Pull, queue: ProviderQueue
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])

    assert pull.turn(0) == 1

    callback = Callback.objects.get()
    assert bytes(callback.body) == status("m1")
    assert (callback.mode, callback.channel) == ("queue", queue.channel)
    assert callback.queue == f"{smq.url}/{QUEUE}"
    assert callback.headers["DequeueCount"] == "1"
    assert callback.offered_at is not None
    assert callback.offered_at <= callback.received_at
    assert len(smq.service.queue(QUEUE)) == 0


def test_drain_makes_a_receipt_of_a_pulled_message(smq: SmqServer, pull: Pull) -> None:
    smq.service.put_many(QUEUE, [status("m1")])

    pull.turn(0)
    drain()

    receipt = Receipt.objects.get()
    assert (receipt.mode, receipt.message_id) == ("queue", "m1")


def test_backlog_is_kept_by_few_commits(smq: SmqServer, pull: Pull) -> None:
    smq.service.put_many(QUEUE, [status(str(n)) for n in range(150)])

    assert [pull.turn(0), pull.turn(0), pull.turn(0)] == [128, 22, 0]

    assert Callback.objects.count() == 150
    assert len(smq.service.queue(QUEUE)) == 0


def test_error_while_gathering_leaves_what_came_before_it_unhurt(
    smq: SmqServer, pull: Pull
) -> None:
    smq.service.put_many(QUEUE, [status(str(n)) for n in range(40)])
    smq.service.faults.plan(Plan("receive", Harm.ERROR, every=2))

    assert pull.turn(0) == 16

    assert Callback.objects.count() == 16
    assert len(smq.service.queue(QUEUE)) == 24


def test_nothing_is_deleted_while_it_cannot_be_kept(
    smq: SmqServer, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_deliveries: object) -> None:
        raise DatabaseError("away")

    smq.service.put_many(QUEUE, [status("m1")])
    monkeypatch.setattr(pulling, "insert_many", fail)

    with pytest.raises(DatabaseError):
        pull.turn(0)

    assert len(smq.service.queue(QUEUE)) == 1
    assert smq.service.count["delete"] == 0


def test_connection_that_died_during_the_poll_costs_no_message_its_place(
    smq: SmqServer, pull: Pull
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    connection.ensure_connection()
    connection.connection.close()

    assert pull.turn(0) == 1

    assert Callback.objects.count() == 1
    assert QueueState.objects.get().received == 1


@pytest.mark.parametrize("cause", [TookTooLong(), NotReplicated()])
def test_what_may_not_be_durable_is_not_tried_again_and_not_deleted(
    smq: SmqServer, pull: Pull, monkeypatch: pytest.MonkeyPatch, *, cause: Exception
) -> None:
    tries: list[int] = []

    def fail(deliveries: list[object]) -> None:
        tries.append(len(deliveries))
        raise OperationalError from cause

    smq.service.put_many(QUEUE, [status("m1")])
    monkeypatch.setattr(pulling, "insert_many", fail)

    with pytest.raises(OperationalError):
        pull.turn(0)

    assert tries == [1]
    assert smq.service.count["delete"] == 0


def test_message_is_committed_before_it_is_deleted(
    smq: SmqServer, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    is_open: list[bool] = []
    delete = pull._client.delete

    def watch(handles: list[str]) -> object:
        is_open.append(connection.in_atomic_block)
        return delete(handles)

    monkeypatch.setattr(pull._client, "delete", watch)

    pull.turn(0)

    assert is_open == [False]


def test_lost_answer_to_a_delete_is_asked_for_again(smq: SmqServer, pull: Pull) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    smq.service.faults.plan(Plan("delete", Harm.DROP_AFTER))

    assert pull.turn(0) == 1

    assert len(smq.service.queue(QUEUE)) == 0
    assert Callback.objects.count() == 1


def test_message_that_comes_again_counts_once(
    smq: SmqServer, pull: Pull, place: Place
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    smq.service.faults.plan(Plan("delete", Harm.DROP_BEFORE, times=2))

    with pytest.raises(QueueError):
        pull.turn(0)
    smq.service.queue(QUEUE).show_all()
    pull.turn(0)
    drain()

    assert (Callback.objects.count(), Receipt.objects.count()) == (2, 1)
    assert QueueState.objects.get().redelivered == 1
    assert len(smq.service.queue(QUEUE)) == 0


def test_what_was_deleted_last_is_counted_at_the_close(
    smq: SmqServer, pull: Pull
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    pull.turn(0)
    assert QueueState.objects.get().deleted == 0

    pull.close()

    assert QueueState.objects.get().deleted == 1


def test_stale_handle_is_benign(smq: SmqServer, pull: Pull) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    smq.service.queue(QUEUE).visibility_s = 0

    assert pull.turn(0) == 1
    assert len(smq.service.queue(QUEUE)) == 1


@pytest.mark.parametrize("poison", [b"neither of both", b"", b"42", b"[1, 2"])
def test_poison_is_kept_quarantined_and_gone(
    smq: SmqServer, pull: Pull, *, poison: bytes
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    smq.service.put_many(QUEUE, [poison], is_raw=True)

    while pull.turn(0):
        drain()

    assert Receipt.objects.get().message_id == "m1"
    assert QuarantinedItem.objects.count() == 1
    assert len(smq.service.queue(QUEUE)) == 0


def test_what_comes_too_late_stays_in_the_queue(smq: SmqServer, pull: Pull) -> None:
    smq.service.put_many(QUEUE, [status("m1")])

    assert pull.turn(0, is_late=lambda: True) == 0

    assert Callback.objects.count() == 0
    assert len(smq.service.queue(QUEUE)) == 1


def test_health_is_noted_as_messages_come_and_go(smq: SmqServer, pull: Pull) -> None:
    smq.service.put_many(QUEUE, [status(str(n)) for n in range(20)])

    pull.turn(0)
    busy = QueueState.objects.get()
    while pull.turn(0):
        pass

    idle = QueueState.objects.get()
    assert busy.oldest_enqueued_at is not None
    assert busy.token_expires_at is not None
    assert (idle.received, idle.deleted, idle.redelivered) == (20, 20, 0)
    assert idle.oldest_enqueued_at is None
    assert idle.last_message_at is not None
    assert idle.last_pulled_at is not None
