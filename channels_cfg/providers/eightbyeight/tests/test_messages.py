"""What messages say: inbound ones, echoes, and the copies in receipts."""

from datetime import timedelta

import pytest

from channels_cfg.wire import (
    Identity,
    IdentityKind,
    Kind,
    ReceiptType,
)

from .reading import ADAPTER, read, read_fixture


def test_copy_of_the_template_is_the_content_of_the_message() -> None:
    event = read_fixture("v9_delivered_template")

    assert event.content is not None
    assert event.content.text == "Hi Jason, ready to talk?"
    assert event.content.media is not None
    assert event.content.media.url == "https://files.example.com/header.png"
    assert set(event.content.details) == {"template", "header", "footer", "actions"}
    assert (event.template_name, event.template_language) == (
        "marketing_welcome_template",
        "en_US",
    )
    assert event.conversation_type == "marketing"


def test_masked_copy_says_why_there_is_no_text() -> None:
    content = read_fixture("masked_content").content

    assert content is not None
    assert (content.type, content.text) == ("template", "")
    assert content.details == {
        "meta": {
            "redacted": True,
            "redactionReason": "Content masked for PII compliance",
        }
    }


@pytest.mark.parametrize(
    ("type_", "content", "shown"),
    [
        ("Text", {"text": " hi "}, ("text", " hi ")),
        ("IMAGE", {"url": "https://m.example.com/1"}, ("image", "")),
        ("Video", {"url": "https://m.example.com/1"}, ("video", "")),
        ("audio", {"url": "https://m.example.com/1"}, ("audio", "")),
        ("File", {"url": "https://m.example.com/1"}, ("document", "")),
        ("Document", {"url": "https://m.example.com/1"}, ("document", "")),
        ("Location", {"location": {"latitude": 1.5, "longitude": 2}}, ("location", "")),
        ("None", {}, ("unsupported", "")),
        ("Template", {"text": "x"}, ("template", "x")),
        ("Buttons", {"payload": "x"}, ("interactive", "x")),
        ("List", {"payload": "x"}, ("interactive", "x")),
        ("Carousel", {}, ("interactive", "")),
        ("Reaction", {"text": "👍"}, ("unsupported", "👍")),
        (None, None, ("unsupported", "")),
    ],
)
@pytest.mark.parametrize(
    ("event_type", "kind", "receipt_type"),
    [
        ("inbound_message_received", Kind.INBOUND, ReceiptType.MO_MESSAGE),
        ("external_app_message", Kind.ECHO, ReceiptType.MT_STATUS),
    ],
)
def test_content_of_every_type_is_kept(
    event_type: str,
    kind: Kind,
    receipt_type: ReceiptType,
    *,
    type_: str | None,
    content: object,
    shown: tuple[str, str],
) -> None:
    payload = {"umid": "m-1", "type": type_, "content": content}

    event = read({"eventType": event_type, "payload": payload})

    assert event.content is not None
    assert (event.content.type, event.content.text) == shown
    assert (event.kind, event.receipt_type) == (kind, receipt_type)
    assert event.status is None


@pytest.mark.parametrize(
    ("interactive", "shown", "details"),
    [
        (
            {"type": "list_reply", "list_reply": {"id": "7", "title": "Tea"}},
            ("reply", "Tea"),
            {"id": "7"},
        ),
        (
            {"type": "buttonReply", "buttonReply": {"id": "7", "title": "Tea"}},
            ("reply", "Tea"),
            {"id": "7"},
        ),
        (
            {"type": "nfmReply", "nfmReply": {"responseJson": '{"a": 1}'}},
            ("interactive", ""),
            {"type": "nfmReply", "answer": {"a": 1}},
        ),
        (
            {"type": "nfm_reply", "nfm_reply": {"response_json": "{oops"}},
            ("interactive", ""),
            {"type": "nfm_reply", "answer": "{oops"},
        ),
        (
            {"type": "newReply", "other": 1},
            ("interactive", ""),
            {"type": "newReply", "answer": {"type": "newReply", "other": 1}},
        ),
    ],
)
def test_answer_is_read_in_both_styles_of_names(
    interactive: object, shown: tuple[str, str], details: object
) -> None:
    payload = {
        "umid": "m-1",
        "type": "Interactive",
        "content": {"interactive": interactive},
    }

    content = read(
        {"eventType": "inbound_message_received", "payload": payload}
    ).content

    assert content is not None
    assert (content.type, content.text) == shown
    assert content.details == details


def test_inbound_names_its_channel_under_recipient_and_what_it_answers() -> None:
    event = read_fixture("inbound_v2_text")

    assert event.key == ("inbound", event.message_id)
    assert event.channel_type == "whatsapp"
    assert event.other_addresses == ("7ee31a3f-9ed7-49f6-800f-a697e687553f",)
    assert event.reply_to == "0b1d3d5c-8e0c-4f3c-a3ce-1f6f1a2b3c4d"


def test_inbound_media_is_a_link_and_never_fetched() -> None:
    content = read_fixture("inbound_image").content

    assert content is not None
    assert content.media is not None
    assert content.media.url.startswith("https://media.example.com/")
    assert ADAPTER.limits.media_life == timedelta(hours=24)


def test_sms_is_read_by_the_same_rules() -> None:
    status, inbound = read_fixture("sms_undelivered"), read_fixture("sms_inbound")

    assert (status.channel_type, status.other_addresses) == ("sms", ("8x8",))
    assert status.identities == (Identity(IdentityKind.PHONE, "12025550293"),)
    assert inbound.identities == (Identity(IdentityKind.PHONE, "6581968289"),)
    assert inbound.other_addresses == ("4534735477",)
    assert inbound.content is not None
    assert inbound.content.text == "Test MO message"
