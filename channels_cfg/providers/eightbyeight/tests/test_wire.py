"""What is special about 8x8; the duties common to all are in the contract test."""

from datetime import timedelta

import pytest

from channels_cfg import registry
from channels_cfg.wire import (
    BadItem,
    Identity,
    IdentityKind,
    ReceiptType,
    Secrets,
    Status,
)

from .reading import ADAPTER, BSUID, read, receipt


def test_slug_is_the_name_that_channel_files_use() -> None:
    assert ADAPTER.slug == "8x8"
    assert registry.adapter("8x8") is ADAPTER


@pytest.mark.parametrize(
    ("named", "channel_type"),
    [
        ("whatsApp", "whatsapp"),
        ("WhatsApp", "whatsapp"),
        (" Viber", "viber"),
        ("RCS", "rcs"),
        ("GoogleRCS", "rcs"),
        ("Line", "line"),
        ("LineNotification", "line_notification"),
        ("line_notification", "line_notification"),
        ("ZaloNotification", "zalo_notification"),
        ("SMS", "sms"),
        ("Facebook", "messenger"),
        ("Kakao", "kakaotalk"),
        ("Zalo", "zalo"),
        ("Carrier Pigeon", "carrier pigeon"),
    ],
)
def test_channel_in_any_spelling_is_one_channel_type(
    named: str, channel_type: str
) -> None:
    assert receipt({"channel": named}).channel_type == channel_type


PHONE = Identity(IdentityKind.PHONE, "6512345678")


@pytest.mark.parametrize(
    ("channel", "user", "identities"),
    [
        ("whatsapp", {"msisdn": "+65 1234 5678"}, (PHONE,)),
        (
            "whatsapp",
            {"msisdn": "+6512345678", "channelUserId": "6512345678"},
            (PHONE,),
        ),
        (
            "whatsapp",
            {"msisdn": "6512345678", "channelUserId": "+6512345678"},
            (PHONE,),
        ),
        ("whatsapp", {"channelUserId": "6512345678"}, (PHONE,)),
        (
            "whatsapp",
            {"channelUserId": BSUID},
            (Identity(IdentityKind.USER_ID, BSUID),),
        ),
        (
            "whatsapp",
            {
                "msisdn": "+6512345678",
                "channelUserId": "SG.ENT.99",
                "username": "@jane",
            },
            (
                PHONE,
                Identity(IdentityKind.PARENT_USER_ID, "SG.ENT.99"),
                Identity(IdentityKind.USERNAME, "jane"),
            ),
        ),
        (
            "line",
            {"channelUserId": "U" + "a1" * 16},
            (Identity(IdentityKind.CHANNEL_USER_ID, "U" + "a1" * 16),),
        ),
        (
            "Facebook",
            {"channelUserId": "24681012141618"},
            (Identity(IdentityKind.CHANNEL_USER_ID, "24681012141618"),),
        ),
        ("whatsapp", {"name": "Jane"}, (Identity(IdentityKind.USERNAME, "Jane"),)),
        ("whatsapp", None, ()),
    ],
)
def test_person_is_named_by_whatever_is_told(
    channel: str, user: object, identities: tuple[Identity, ...]
) -> None:
    event = receipt({"channel": channel, "user": user})

    assert event.identities == identities
    assert event.recipient_number == ""


@pytest.mark.parametrize(
    "event_type",
    ["outbound_message_status_changed", "inbound_message_received", "new_one"],
)
@pytest.mark.parametrize("payload", [None, {}, [], "text", 7])
def test_event_without_payload_is_bad(event_type: str, payload: object) -> None:
    with pytest.raises(BadItem, match="no payload"):
        read({"namespace": "ChatApps", "eventType": event_type, "payload": payload})


def test_item_is_read_by_its_own_type_on_any_path() -> None:
    item = {
        "eventType": "inbound_message_received",
        "payload": {"umid": "m-1", "type": "Text", "content": {"text": "hi"}},
    }

    event = read(item, ReceiptType.MT_STATUS)

    assert event.receipt_type is ReceiptType.MO_MESSAGE


def test_nothing_is_signed_and_no_challenge_is_answered() -> None:
    ADAPTER.verify(b"{}", {}, Secrets())

    assert ADAPTER.handshake({"hub.challenge": "1"}, Secrets()) is None
    assert ADAPTER.ack().body == b"{}"


def test_ends_of_the_channel_types_are_data() -> None:
    ceilings = ADAPTER.limits.ceilings

    assert ceilings["line"] is Status.SENT
    assert {"line_notification", "zalo_notification", "sms"} == {
        name for name, end in ceilings.items() if end is Status.DELIVERED
    }
    assert ADAPTER.limits.read_window == timedelta(days=10)
