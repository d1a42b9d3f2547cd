"""What is special about ChatAppInbound items."""

from pathlib import Path

import pytest

from channels_cfg import registry
from channels_cfg.wire import Flag, Identity, IdentityKind, ReceiptEvent, ReceiptType

# By folder, so that the tests of a copied folder test the copy.
ADAPTER = registry.in_folder(Path(__file__).parent.parent.name)


def inbound(kind: str, message: object, **fields: object) -> ReceiptEvent:
    item: dict[str, object] = {"MessageId": "m1", "From": "+8613800138000"}
    item |= {
        "To": "+8613100000000",
        "Type": kind,
        "Message": message,
        "Timestamp": 1764590400000,
    }
    return ADAPTER.read(ReceiptType.MO_MESSAGE, item | fields, "whatsapp")


def test_address_of_the_business_is_to_in_an_inbound_message() -> None:
    event = inbound("TEXT", " hello ", CustSpaceId="cams-1", WabaId="2")

    assert event.business_address == "8613100000000"
    assert event.identities == (Identity(IdentityKind.PHONE, "8613800138000"),)
    assert event.account_ids == (("cust_space_id", "cams-1"), ("waba_id", "2"))
    assert event.key == ("inbound", "m1")
    assert event.content
    assert event.content.text == " hello "


@pytest.mark.parametrize(
    "message",
    [
        {
            "caption": "my cat",
            "id": "7",
            "mimeType": "image/jpeg",
            "url": "https://x/7",
        },
        '{"Caption":"my cat","ID":"7","mimetype":"image/jpeg","url":"https://x/7"}',
        '\n{"caption":"my cat","id":"7","mimeType":"image/jpeg",\n"url":"https://x/7"}',
    ],
)
def test_message_may_be_an_object_or_a_text_of_one(message: object) -> None:
    content = inbound("IMAGE", message).content

    assert content
    assert (content.type, content.text) == ("image", "my cat")
    assert content.media
    assert (content.media.url, content.media.mime_type) == ("https://x/7", "image/jpeg")
    assert content.details == {"id": "7"}


def test_file_name_is_found_in_either_spelling() -> None:
    new = inbound("DOCUMENT", '{"filename":"a.pdf","url":"https://x/1"}').content
    old = inbound("document", '{"fileName":"a.pdf","url":"https://x/1"}').content

    assert new == old
    assert new
    assert new.media
    assert new.media.filename == "a.pdf"


def test_reply_tells_its_button_and_the_message_it_answers() -> None:
    event = inbound("REPLY", '{"text":"Yes","payload":"y1"}', Context={"id": "m0"})

    assert event.reply_to == "m0"
    assert event.content
    assert (event.content.type, event.content.text) == ("reply", "Yes")
    assert event.content.details == {"payload": "y1"}


def test_text_that_looks_like_json_stays_what_the_user_wrote() -> None:
    content = inbound("TEXT", '{"a":1}').content

    assert content
    assert content.text == '{"a":1}'


def test_type_of_no_page_is_unsupported_and_kept_raw() -> None:
    content = inbound("STICKER", '{"id":"1"}', NoticeType="inbound").content

    assert content
    assert (content.type, content.text) == ("unsupported", "")
    assert content.details == {
        "type": "STICKER",
        "message": '{"id":"1"}',
        "notice_type": "inbound",
    }


def test_inner_text_with_a_nul_is_sanitised_and_flagged() -> None:
    event = inbound("REPLY", '{"text":"a\\u0000b"}')

    assert event.content
    assert event.content.text == "a\ufffdb"
    assert event.flags == Flag.SANITISED
