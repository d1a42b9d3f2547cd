"""From a push to receipts and messages, through the real door."""

import io
import json

import pytest
from django.test import Client

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from receipts.intake.tally import tally
from receipts.models import (
    Callback,
    Conversation,
    Message,
    QuarantinedItem,
    Receipt,
    Refusal,
    Sighting,
)
from tests.receipts.conftest import Push

STATUS = {
    "MessageId": "2023078469463703000003",
    "From": "8613100000008",
    "To": "8613800000008",
    "Status": "Sent",
    "Timestamp": 1691043638000,
    "MsgFrameType": "message",
}


def test_push_is_answered_in_the_words_of_the_provider(
    client: Client, channel: Channel
) -> None:
    answer = client.post(
        "/callbacks/wa-main/mt_status",
        json.dumps([STATUS]),
        content_type="application/json",
    )

    assert answer.status_code == 200
    assert answer.json() == {"code": 0, "msg": "Success"}


def test_push_is_kept_with_its_bytes_before_it_is_read(push: Push) -> None:
    callback = push(b'[ {"odd" : 1}]\n', drained=False)

    assert callback.state == Callback.State.PENDING
    assert bytes(callback.body) == b'[ {"odd" : 1}]\n'
    assert callback.ack_ms is not None


def test_push_sent_twice_makes_one_receipt_and_one_sighting(push: Push) -> None:
    push([STATUS])
    again = push([STATUS])

    assert Receipt.objects.count() == 1
    assert Sighting.objects.count() == 1
    assert (again.state, again.new, again.duplicates) == ("done", 0, 1)


def test_same_item_twice_in_one_push_makes_one_receipt(push: Push) -> None:
    callback = push([STATUS, STATUS])

    assert Receipt.objects.count() == 1
    assert (callback.items, callback.new, callback.duplicates) == (2, 1, 1)


def test_bad_item_is_quarantined_and_the_rest_is_kept(push: Push) -> None:
    callback = push([STATUS, {"Status": "Sent"}, {**STATUS, "Status": "Read"}])

    assert Receipt.objects.count() == 2
    assert [q.position for q in QuarantinedItem.objects.all()] == [1]
    assert (callback.state, callback.quarantined) == ("partly", 1)


def test_body_that_is_no_json_is_acked_and_quarantined_whole(push: Push) -> None:
    callback = push(b"MessageId=1&Status=Sent")

    assert callback.state == "failed"
    assert callback.error
    assert QuarantinedItem.objects.get().position is None


def test_empty_array_is_done_with_no_items(push: Push) -> None:
    callback = push([])

    assert (callback.state, callback.items) == ("done", 0)


def test_late_sent_after_read_is_flagged_and_the_message_stays_read(
    push: Push,
) -> None:
    push([{**STATUS, "Status": "Read"}])
    push([STATUS])

    assert Message.objects.get().status == "read"
    assert Receipt.objects.get(status="sent").flags == 1


def test_failure_after_delivery_is_a_contradiction(push: Push) -> None:
    failed = {**STATUS, "Status": "Failed", "ErrorCode": "131026"}
    push([{**STATUS, "Status": "Delivered"}])
    push([failed])

    message = Message.objects.get()
    assert (message.status, message.error_code) == ("delivered", "131026")
    assert Receipt.objects.get(status="failed").flags == 2


def test_status_and_inbound_of_one_person_meet_in_one_conversation(
    push: Push,
) -> None:
    inbound = {
        "MessageId": "mo-1",
        "From": "+8613800000008",
        "To": "8613100000008",
        "Timestamp": 1691043638000,
        "Type": "TEXT",
        "Message": "hello",
    }
    push([STATUS])
    push([inbound], "mo_message")

    conversation = Conversation.objects.get()
    assert conversation.messages == 2
    assert conversation.last_inbound_at is not None


def test_one_id_with_two_numbers_makes_two_messages(push: Push) -> None:
    push([STATUS, {**STATUS, "To": "8613700000007", "Status": "Read"}])

    statuses = Message.objects.order_by("number").values_list("number", "status")
    assert list(statuses) == [("8613700000007", "read"), ("8613800000008", "sent")]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("post", "wa-main/nowhere", 404),
        ("get", "wa-main/nowhere", 404),
        ("get", "wa-main/mt_status", 200),
        ("head", "wa-main/mt_status/", 200),
        ("put", "wa-main/mt_status", 405),
    ],
)
def test_door_answers_what_was_asked(
    client: Client, channel: Channel, *, method: str, path: str, status: int
) -> None:
    answer = getattr(client, method)(f"/callbacks/{path}")

    assert answer.status_code == status
    assert Callback.objects.count() == 0


def test_wrong_secret_is_refused_without_detail_and_counted(
    client: Client, channel: Channel
) -> None:
    path = CallbackPath.objects.get(path="wa-main/mt_status")
    path.header_name, path.header_values = "X-Secret", Hidden(("right",))
    path.save()

    answer = client.post("/callbacks/wa-main/mt_status", b"[]", "application/json")
    tally.flush()

    assert (answer.status_code, answer.json()["msg"]) == (401, "unauthorized")
    assert Refusal.objects.get().reason == "unproven"


def test_body_of_who_has_no_right_secret_is_not_even_read(
    client: Client, channel: Channel
) -> None:
    path = CallbackPath.objects.get(path="wa-main/mt_status")
    path.header_name, path.header_values = "X-Secret", Hidden(("right",))
    path.save()
    stream = io.BytesIO(b"[]")

    answer = client.post(
        "/callbacks/wa-main/mt_status",
        b"[]",
        "application/json",
        headers={"X-Secret": "wrong"},
        **{"wsgi.input": stream},  # type: ignore[arg-type]  # any value of an environ
    )

    assert answer.status_code == 401
    assert stream.tell() == 0


def test_right_secret_is_let_in(client: Client, channel: Channel) -> None:
    path = CallbackPath.objects.get(path="wa-main/mt_status")
    path.header_name, path.header_values = "X-Secret", Hidden(("newer", "older"))
    path.save()

    answer = client.post(
        "/callbacks/wa-main/mt_status",
        b"[]",
        "application/json",
        headers={"X-Secret": "older"},
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("announced", "status"), [("2", 200), ("02", 200), ("3", 400), ("x", 400)]
)
def test_body_that_the_edge_measured_anew_is_as_long_as_announced(
    client: Client, channel: Channel, announced: str, status: int
) -> None:
    path = f"/callbacks/{channel.key}/mt_status"
    answer = client.post(
        path, b"[]", "application/json", headers={"X-Announced-Length": announced}
    )

    assert answer.status_code == status
