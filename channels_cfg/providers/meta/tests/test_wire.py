"""What is special about Meta: its proof and its batches."""

import hashlib
import hmac
import json
import time

import pytest

from channels_cfg.wire import BadItem, BadSignature, Kind, ReceiptType, Secrets

from .reading import ADAPTER, FOLDER, batch, read, read_fixture

SUBSCRIBE = {
    "hub.mode": "subscribe",
    "hub.verify_token": "tok-2",
    "hub.challenge": "1158201444",
}
TOKENS = Secrets(verify_tokens=("tok-1", "tok-2"))
SIGNING = Secrets(signing=("old secret", "new secret"))
BODY = '{"text": "grüß Gott"}'.encode()


def sign(body: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def test_slug_is_the_folder_so_that_a_copy_is_another_provider() -> None:
    assert ADAPTER.slug == FOLDER.name


def test_challenge_of_who_knows_a_token_is_answered_bare() -> None:
    answer = ADAPTER.handshake(SUBSCRIBE, TOKENS)

    assert answer is not None
    assert (answer.status, answer.body) == (200, b"1158201444")
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(
    ("change", "secrets"),
    [
        ({"hub.verify_token": "wrong"}, TOKENS),
        ({"hub.verify_token": ""}, TOKENS),
        ({"hub.verify_token": "tök-2"}, TOKENS),
        ({"hub.mode": "unsubscribe"}, TOKENS),
        ({}, Secrets()),
        ({"hub.verify_token": ""}, Secrets(verify_tokens=("",))),
    ],
)
def test_challenge_without_a_known_token_is_refused(
    change: dict[str, str], secrets: Secrets
) -> None:
    answer = ADAPTER.handshake(SUBSCRIBE | change, secrets)

    assert answer is not None
    assert (answer.status, answer.body) == (403, b"")


def test_probe_without_hub_parameters_is_no_challenge() -> None:
    assert ADAPTER.handshake({"x": "1"}, TOKENS) is None


@pytest.mark.parametrize("secret", SIGNING.signing)
def test_body_signed_by_any_live_secret_is_proven(secret: str) -> None:
    ADAPTER.verify(BODY, sign(BODY, secret), SIGNING)


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        ({}, SIGNING),
        ({"x-hub-signature-256": ""}, SIGNING),
        ({"x-hub-signature-256": "sha256=tüt"}, SIGNING),
        ({"x-hub-signature": "sha1=00"}, SIGNING),
        (sign(BODY, "other secret"), SIGNING),
        (sign(BODY + b" ", "new secret"), SIGNING),
        (sign(BODY, ""), Secrets(signing=("",))),
        (sign(BODY, "new secret"), Secrets()),
    ],
)
def test_body_that_no_secret_signed_is_refused(
    headers: dict[str, str], secrets: Secrets
) -> None:
    with pytest.raises(BadSignature):
        ADAPTER.verify(BODY, headers, secrets)


def test_signature_is_over_the_bytes_and_not_over_their_meaning() -> None:
    reencoded = json.dumps(json.loads(BODY)).encode()

    with pytest.raises(BadSignature):
        ADAPTER.verify(reencoded, sign(BODY, "new secret"), SIGNING)


def test_item_holds_the_bytes_of_its_update_and_what_is_said_of_all() -> None:
    body = (
        b'{"entry": [{"id": "9", "time": 5, "changes": [{"field": "messages", "value":'
        b' {"metadata": {"a": 1}, "statuses": [{"id" : "w", "n": 1.50, "s": "\\u00e4"}]}}'
        b"]}]}"
    )

    (item,) = ADAPTER.split(body)

    assert b'"statuses":{"id" : "w", "n": 1.50, "s": "\\u00e4"}' in item
    assert json.loads(item) == {
        "entry_id": "9",
        "entry_time": 5,
        "field": "messages",
        "metadata": {"a": 1},
        "contacts": [],
        "statuses": {"id": "w", "n": 1.5, "s": "ä"},
    }


def test_batch_of_many_entries_and_changes_is_cut_in_order() -> None:
    events = read_fixture("batch_of_many")

    assert [event.kind for event in events] == [
        Kind.STATUS,
        Kind.STATUS,
        Kind.INBOUND,
        Kind.INBOUND,
        Kind.STATUS,
    ]
    assert [event.account_ids[0][1] for event in events[3:]] == [
        "102290129340398",
        "999",
    ]
    assert [event.identities[-1].value for event in events[2:4]] == [
        "Jane Smith",
        "Bob",
    ]


def test_contact_whom_the_update_does_not_name_is_left_out() -> None:
    (event,) = read_fixture("stranger_in_contacts")

    assert [who.value for who in event.identities] == ["16505551234"]


def test_part_for_all_that_is_past_all_sense_is_not_copied_into_each() -> None:
    events = read_fixture("shared_part_huge")

    assert [event.status for event in events] == ["delivered", "read"]
    assert {event.business_address for event in events} == {""}


def test_large_batch_is_cut_in_time_that_grows_with_its_size() -> None:
    contacts = [{"wa_id": str(10**9 + n), "user_id": f"US.{n}"} for n in range(3000)]
    statuses = [
        {"id": f"wamid.{n}", "status": "sent", "recipient_id": str(10**9 + n)}
        for n in range(3000)
    ]
    value = {"contacts": contacts, "statuses": statuses}

    started = time.perf_counter()
    events = read(batch("messages", value))

    assert time.perf_counter() - started < 5
    assert [event.identities[1].value for event in events[:2]] == ["US.0", "US.1"]
    assert len({event.key for event in events}) == 3000


def test_status_nested_past_all_sense_costs_no_neighbour() -> None:
    body = (FOLDER / "fixtures" / "one_deep_status.json").read_bytes()

    items = ADAPTER.split(body)

    assert len(items) == 3
    assert b'"status": "sent"' in items[0]
    assert b'"status": "read"' in items[2]


@pytest.mark.parametrize("item", [None, [], "x", 7, {}, {"statuses": None}])
def test_item_that_is_no_update_is_bad(item: object) -> None:
    with pytest.raises(BadItem):
        ADAPTER.read(ReceiptType.ANY, item, "whatsapp")
