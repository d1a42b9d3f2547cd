"""Receive, delete, hide and peek, and what becomes of a message meanwhile."""

import time
from datetime import UTC, datetime, timedelta
from threading import Timer

import pytest

from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_errors import QueueMissing
from tests.smq.server import QUEUE, SmqServer

BODY = b'{"MessageId":"1"}'


def test_receive_tells_everything_about_a_message(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, [BODY])

    (message,) = client.receive(0)

    now = datetime.now(UTC)
    assert message.body == BODY
    assert len(message.message_id) == 32
    assert message.receipt_handle.startswith("1-+/+/")
    assert message.dequeue_count == 1
    assert message.is_intact is True
    for moment in (message.enqueued_at, message.first_dequeued_at):
        assert moment is not None
        assert abs(now - moment) < timedelta(seconds=5)
    assert message.next_visible_at is not None
    assert message.next_visible_at > now


def test_receive_takes_sixteen_at_most(smq: SmqServer, client: QueueClient) -> None:
    smq.service.put_many(QUEUE, [BODY] * 20)

    assert len(client.receive(0, limit=100)) == 16
    assert len(client.receive(0, limit=1)) == 1
    assert len(client.receive(0)) == 3
    assert client.receive(0) == []


def test_receive_waits_for_a_message(smq: SmqServer, client: QueueClient) -> None:
    later = Timer(0.3, smq.service.put_many, (QUEUE, [BODY]))
    later.start()

    began = time.monotonic()
    messages = client.receive(20)
    later.join()

    assert [message.body for message in messages] == [BODY]
    assert 0.2 < time.monotonic() - began < 10


def test_receive_of_an_empty_queue_waits_as_long_as_asked(client: QueueClient) -> None:
    began = time.monotonic()

    assert client.receive(1) == []
    assert time.monotonic() - began >= 1


def test_receive_comes_back_at_once_when_too_many_wait(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.queue(QUEUE).poll_limit = 0

    began = time.monotonic()

    assert client.receive(30) == []
    assert time.monotonic() - began < 5


def test_received_message_is_hidden_and_comes_again(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, [BODY])
    (first,) = client.receive(0)
    assert client.receive(0) == []

    smq.service.queue(QUEUE).show_all()
    (again,) = client.receive(0)

    assert again.message_id == first.message_id
    assert again.receipt_handle != first.receipt_handle
    assert again.dequeue_count == 2


def test_message_comes_again_when_its_time_is_up(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.queue(QUEUE).visibility_s = 0.2
    smq.service.put_many(QUEUE, [BODY])
    client.receive(0)

    (again,) = client.receive(5)

    assert again.dequeue_count == 2


def test_stale_handle_is_told_and_does_no_harm(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, [BODY] * 2)
    stale, fresh = client.receive(0)
    client.delete([stale.receipt_handle])

    undeleted = client.delete([stale.receipt_handle, fresh.receipt_handle])

    assert [each.receipt_handle for each in undeleted] == [stale.receipt_handle]
    assert undeleted[0].is_stale
    assert len(smq.service.queue(QUEUE)) == 0


def test_handle_of_an_earlier_receive_deletes_nothing(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, [BODY])
    (first,) = client.receive(0)
    smq.service.queue(QUEUE).show_all()
    client.receive(0)

    (undeleted,) = client.delete([first.receipt_handle])

    assert undeleted.is_stale
    assert len(smq.service.queue(QUEUE)) == 1


def test_malformed_handle_is_told_beside_a_stale_one(
    smq: SmqServer, client: QueueClient
) -> None:
    undeleted = client.delete(["<&>", "1-AAAA", ""])

    assert {each.receipt_handle: each.code for each in undeleted} == {
        "<&>": "ReceiptHandleError",
        "1-AAAA": "MessageNotExist",
    }
    assert [each.is_stale for each in undeleted] == [False, True]


def test_delete_of_many_goes_in_batches(smq: SmqServer, client: QueueClient) -> None:
    smq.service.put_many(QUEUE, [BODY] * 40)
    received = [m for _ in range(3) for m in client.receive(0)]

    assert client.delete([message.receipt_handle for message in received]) == []
    assert smq.service.count["delete"] == 3
    assert client.delete([]) == []
    assert smq.service.count["delete"] == 3


def test_hidden_message_gets_a_new_handle_and_time(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, [BODY])
    (message,) = client.receive(0)

    hold = client.change_visibility(message.receipt_handle, 600)

    assert hold is not None
    assert hold.next_visible_at is not None
    assert hold.next_visible_at > datetime.now(UTC) + timedelta(seconds=500)
    assert client.change_visibility(message.receipt_handle, 600) is None
    assert client.delete([hold.receipt_handle]) == []


def test_peek_leaves_the_message_where_it_is(
    smq: SmqServer, client: QueueClient
) -> None:
    assert client.peek() is None
    smq.service.put_many(QUEUE, [BODY])

    seen = client.peek()

    assert seen is not None
    assert (seen.body, seen.receipt_handle, seen.dequeue_count) == (BODY, "", 0)
    assert len(client.receive(0)) == 1


def test_missing_queue_is_an_error_of_configuration(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.drop_queue(QUEUE)

    with pytest.raises(QueueMissing) as raised:
        client.receive(0)

    assert raised.value.is_configuration
    assert str(raised.value).startswith(
        "the queue does not exist: compare with the name in the console's "
        "Webhook Settings"
    )


def test_one_connection_serves_many_calls(smq: SmqServer, client: QueueClient) -> None:
    smq.service.put_many(QUEUE, [BODY])
    for _ in range(3):
        handles = [message.receipt_handle for message in client.receive(0)]
        client.delete(handles)
        client.delete(["1-AAAA"])

    assert smq.connections == 2  # one of them asked for the token


def test_connection_that_the_service_closed_is_opened_again(
    smq: SmqServer, client: QueueClient
) -> None:
    client.receive(0)
    smq.hang_up()
    time.sleep(0.05)  # until the end of the connection has come through

    assert client.receive(0) == []
