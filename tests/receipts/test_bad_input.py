"""Bad input through the real door: acked or refused, never a 500, never lost."""

import gzip
import io
import json
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from channels_cfg.models import Channel
from channels_cfg.wire import Flag
from receipts.models import (
    Callback,
    ConversationIdentity,
    Message,
    QuarantinedItem,
    Receipt,
)
from receipts.processing.drain import drain
from tests.receipts.conftest import Push

GOOD = {
    "MessageId": "2023078469463703000003",
    "From": "8613100000008",
    "To": "8613800000008",
    "Status": "Sent",
    "Timestamp": 1691043638000,
    "MsgFrameType": "message",
}
DEEP = b"[" * 5000 + b"]" * 5000

GOOD_BODY = json.dumps([GOOD]).encode()
NO_JSON = "neither a JSON array nor an object"
UNREADABLE = {
    "Latin-1": ('[{"MessageId": "gr\xfc\xdfe"}]'.encode("latin-1"), "not UTF-8"),
    "UTF-16": (GOOD_BODY.decode().encode("utf-16"), "not UTF-8"),
    "NaN": (b'[{"MessageId": "a", "Status": "Read", "x": NaN}]', "NaN"),
    "Infinity": (b'[{"MessageId": "a", "x": -Infinity}]', "Infinity"),
    "levels": (DEEP, "nested too deeply"),
    "levels of objects": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested too deeply"),
    "form": (urlencode(GOOD).encode(), NO_JSON),
    "gzip": (gzip.compress(GOOD_BODY), "gzip"),
    "number": (b"1e400", NO_JSON),
    "null": (b"null", NO_JSON),
    "text": (b'"text"', NO_JSON),
    "blanks": (b" \n", NO_JSON),
    "NUL": (b"\0" * 100, NO_JSON),
    "cut off": (GOOD_BODY[:-3], "not JSON"),
    "two bodies": (GOOD_BODY * 2, "more text after the end"),
    "brackets": (b"[" * 100_000, "not JSON"),
    "quotes": (b'{"a": "' + b'\\"' * 100_000, "not JSON"),
}


def raw(text: str) -> bytes:
    """Return JSON of the good item with ``text`` as its first members."""
    return b"[{" + text.encode() + b"," + json.dumps(GOOD).encode()[1:] + b"]"


def told(callback: Callback) -> tuple[str, int | None, int | None, int | None]:
    """Return what became of a callback."""
    return callback.state, callback.items, callback.new, callback.quarantined


def test_nul_characters_in_keys_and_values_are_replaced_and_flagged(
    push: Push,
) -> None:
    callback = push(raw(r'"St\u0000ray": 1, "TaskId": "a\u0000b", "\u0000": "\u0000"'))

    receipt = Receipt.objects.get()
    assert told(callback) == ("done", 1, 1, 0)
    assert receipt.task_id == "a\ufffdb"
    assert receipt.flags & Flag.SANITISED
    assert r"a\u0000b" in receipt.payload


def test_nul_byte_in_a_string_is_replaced_and_flagged(push: Push) -> None:
    callback = push(raw('"TaskId": "a\0b"'))

    assert told(callback) == ("done", 1, 1, 0)
    assert Receipt.objects.get().task_id == "a\ufffdb"
    assert b"a\0b" in bytes(callback.body)


def test_lone_surrogates_are_replaced_and_flagged(push: Push) -> None:
    callback = push(raw(r'"TaskId": "a\ud83d", "\udc00": "\udc00"'))

    receipt = Receipt.objects.get()
    assert told(callback) == ("done", 1, 1, 0)
    assert receipt.task_id == "a\ufffd"
    assert receipt.flags & Flag.SANITISED


def test_whole_characters_beyond_16_bits_are_read_as_they_are(push: Push) -> None:
    push(raw(r'"TaskId": "\ud83d\ude00 ' + '\U0001f600"'))

    receipt = Receipt.objects.get()
    assert receipt.task_id == "\U0001f600 \U0001f600"
    assert not receipt.flags & Flag.SANITISED


def test_byte_order_mark_is_passed_over(push: Push) -> None:
    callback = push(b"\xef\xbb\xbf" + json.dumps([GOOD]).encode())

    assert told(callback) == ("done", 1, 1, 0)
    assert bytes(callback.body).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_body_is_kept_acked_and_set_aside_whole(
    push: Push, name: str
) -> None:
    body, reason = UNREADABLE[name]
    callback = push(body)

    item = QuarantinedItem.objects.get()
    assert told(callback) == ("failed", 0, 0, 1)
    assert reason in (callback.error or "")
    assert (item.position, item.reason) == (None, callback.error)
    assert bytes(item.item) == bytes(callback.body) == body


def test_number_of_400_digits_is_kept_as_text_and_its_item_is_read(
    push: Push,
) -> None:
    callback = push(raw(f'"Timestamp ": {"9" * 400}, "ErrorCode": {"7" * 400}'))

    receipt = Receipt.objects.get()
    assert told(callback) == ("done", 1, 1, 0)
    assert (receipt.error_code or "").startswith("777")
    assert "9" * 400 in receipt.payload


def test_id_of_400_digits_is_set_aside_and_numeric_ids_are_text(push: Push) -> None:
    numeric = GOOD | {"MessageId": 2023078469463703000003, "To": 8613800000008}
    callback = push([GOOD | {"MessageId": 10**400}, numeric, GOOD])

    assert told(callback) == ("partly", 3, 1, 1)
    assert callback.duplicates == 1  # the number and the text are one id
    assert Message.objects.get().message_id == GOOD["MessageId"]


@pytest.mark.parametrize("odd", [None, "", " ", [], {}, True, ["a"]])
def test_item_without_a_usable_id_is_set_aside_alone(push: Push, odd: object) -> None:
    callback = push([GOOD, GOOD | {"MessageId": odd}, GOOD | {"Status": "Read"}])

    item = QuarantinedItem.objects.get()
    assert told(callback) == ("partly", 3, 2, 1)
    assert (item.position, item.reason) == (1, "no MessageId")
    assert Message.objects.get().status == "read"


def test_one_item_of_5000_levels_never_hurts_its_neighbours(push: Push) -> None:
    good = json.dumps(GOOD).encode()
    callback = push(b"[" + good + b"," + DEEP + b"," + good + b"]")

    item = QuarantinedItem.objects.get()
    assert told(callback) == ("partly", 3, 1, 1)
    assert (item.position, bytes(item.item)) == (1, DEEP)


def test_of_equal_keys_the_last_counts(push: Push) -> None:
    push(
        b'[{"MessageId": "a", "Status": "Failed", "MessageId": "b", "Status": "Read"}]'
    )

    receipt = Receipt.objects.get()
    assert (receipt.message_id, receipt.status) == ("b", "read")


def test_things_that_are_no_items_are_set_aside_one_by_one(push: Push) -> None:
    callback = push([1, "a", None, True, [], [GOOD], {}, GOOD])

    assert told(callback) == ("partly", 8, 1, 7)
    assert QuarantinedItem.objects.count() == 7


def test_array_of_20000_items_is_read_to_the_last(push: Push) -> None:
    items = [GOOD | {"MessageId": f"m{n}", "To": str(n)} for n in range(20_000)]
    items[12_345] = {}
    callback = push(items)

    assert told(callback) == ("partly", 20_000, 19_999, 1)
    assert Message.objects.count() == 19_999
    assert QuarantinedItem.objects.get().position == 12_345


def test_texts_longer_than_an_index_holds_are_cut_not_refused(push: Push) -> None:
    long = dict.fromkeys(("TaskId", "ErrorCode", "TemplateCode"), "x" * 9000)
    callback = push([GOOD | long | {"From": "y" * 9000, "To": "z" * 9000}])

    receipt = Receipt.objects.get()
    assert told(callback) == ("done", 1, 1, 0)
    assert len(receipt.task_id or "") == 255
    assert not ConversationIdentity.objects.exists()  # cut, it could name another


def test_body_of_ten_mebibytes_is_read(push: Push) -> None:
    room = settings.CALLBACK_MAX_BYTES - len(json.dumps([GOOD | {"x": ""}]))
    callback = push([GOOD | {"x": "y" * room}])

    assert len(callback.body) == settings.CALLBACK_MAX_BYTES == 10 * 1024 * 1024
    assert told(callback) == ("done", 1, 1, 0)


def test_one_byte_more_is_refused_and_not_kept(
    client: Client, channel: Channel
) -> None:
    body = b" " * (settings.CALLBACK_MAX_BYTES + 1)

    answer = client.post("/callbacks/wa-main/mt_status", body, "application/json")

    assert answer.status_code == 413
    assert not Callback.objects.exists()


@pytest.mark.parametrize(
    ("said", "status"),
    [("5", 200), ("400", 400), ("", 411), ("soon", 411), ("-1", 411)],
)
def test_body_whose_length_does_not_fit_is_refused(
    client: Client, channel: Channel, said: str, status: int
) -> None:
    stream = io.BytesIO(b'["a"]')  # ends where it ends, unlike the client's own

    answer = client.post(
        "/callbacks/wa-main/mt_status",
        **{"CONTENT_LENGTH": said, "wsgi.input": stream},  # type: ignore[arg-type]  # goes into the environ
    )

    assert answer.status_code == status
    assert Callback.objects.count() == (status == 200)


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "é", ""],
)
def test_content_type_never_decides(
    client: Client, channel: Channel, content_type: str
) -> None:
    body = json.dumps([GOOD]).encode()

    answer = client.generic("POST", "/callbacks/wa-main/mt_status", body, content_type)
    drain()

    assert answer.status_code == 200
    assert told(Callback.objects.get()) == ("done", 1, 1, 0)


def test_empty_body_is_acked_and_nothing_is_kept(
    client: Client, channel: Channel
) -> None:
    answer = client.post("/callbacks/wa-main/mt_status", CONTENT_LENGTH="0")

    assert (answer.status_code, answer.json()["code"]) == (200, 0)
    assert not Callback.objects.exists()
