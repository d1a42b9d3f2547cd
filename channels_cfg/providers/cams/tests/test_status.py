"""What is special about ChatAppStatus items."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels_cfg import registry
from channels_cfg.wire import (
    Failure,
    Flag,
    Identity,
    IdentityKind,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Status,
)

# By folder, so that the tests of a copied folder test the copy.
ADAPTER = registry.in_folder(Path(__file__).parent.parent.name)
SENT_AT = datetime(2025, 12, 1, 12, tzinfo=UTC)
BSUID = "US.13491208655302741918"


def status(channel_type: str = "whatsapp", **fields: object) -> ReceiptEvent:
    item: dict[str, object] = {"MessageId": "m1", "From": "8613100000000"}
    item |= {"To": "8613800138000", "Status": "Sent", "Timestamp": 1764590400000}
    return ADAPTER.read(ReceiptType.MT_STATUS, item | fields, channel_type)


@pytest.mark.parametrize(
    "written", ["delivered", "DELIVERED", " Delivered ", "dElivered"]
)
def test_read_takes_a_status_word_in_any_case(written: str) -> None:
    event = status(Status=written)

    assert (event.kind, event.status) == (Kind.STATUS, Status.DELIVERED)
    assert event.key == ("status", "m1", "8613800138000", "delivered", "")
    assert event.raw_status == written


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Read", Status.READ), ("Failed", Status.FAILED), ("Deleted", Status.DELETED)],
)
def test_status_words_have_ours_beside_them(word: str, expected: Status) -> None:
    assert status(Status=word).status is expected


@pytest.mark.parametrize("word", ["Teleported", "", None])
def test_unknown_or_missing_word_is_a_status_unknown(word: object) -> None:
    event = status(Status=word)

    assert event.status is Status.UNKNOWN
    assert event.flags == Flag.UNKNOWN_STATUS


@pytest.mark.parametrize("word", ["subscribe", "Unsubscribe"])
def test_consent_is_no_delivery_status_and_counts_by_its_time(word: str) -> None:
    event = status("viber", Status=word)
    later = status("viber", Status=word, Timestamp=1764590401000)

    assert (event.kind, event.status) == (Kind.SUBSCRIPTION, None)
    assert event.receipt_type is ReceiptType.MT_STATUS
    assert event.key != later.key


def test_consent_without_an_id_is_known_by_its_person() -> None:
    one = status("viber", Status="unsubscribe", MessageId="")
    other = status("viber", Status="unsubscribe", MessageId="", To="380501234567")

    assert one.key[2:4] == ("8613800138000", "unsubscribe")
    assert one.key != other.key
    assert one.key_lasts is None


def test_consent_without_id_and_time_may_come_again_later() -> None:
    event = status("viber", Status="unsubscribe", MessageId="", Timestamp=None)

    assert event.key_lasts == timedelta(minutes=10)


def test_key_of_a_status_is_the_same_by_either_road() -> None:
    pushed = status(To="+86 138-0013-8000", Timestamp="1764590400000", TaskId="x")
    pulled = status(FromUserId=BSUID, MessageId=" m1 ", Status="sent", Timestamp=None)

    assert pushed.key == pulled.key


def test_key_tells_recipients_of_one_id_apart() -> None:
    assert status(To="86138*******8").recipient_number == "86138*******8"
    assert status(To="86138*******8").key != status(To="86137*******8").key
    assert status(To=BSUID).recipient_number == ""


def test_error_code_is_found_in_the_description() -> None:
    told = "131026:Receiver is incapable of receiving this message"
    event = status(Status="Failed", ErrorDescription=told)

    assert event.failure == Failure(code="131026", description=told)
    assert event.key[-1] == "131026"
    assert event.key == status(Status="Failed", ErrorCode=131026).key


def test_failure_without_any_code_is_a_failure() -> None:
    assert status(Status="Failed").failure == Failure()
    assert status(Status="Failed", ErrorDescription="no code: none").key[-1] == ""


def test_task_id_is_the_message_id_where_none_was_given() -> None:
    assert status().task_id == "m1"
    assert status(TaskId="spring-sale").task_id == "spring-sale"


def test_numeric_ids_are_read_as_text() -> None:
    event = status(MessageId=2**62, From=8613100000000, To=8613800138000)

    assert event.message_id == str(2**62)
    assert event.business_address == "8613100000000"
    assert event.recipient_number == "8613800138000"


def test_status_tells_type_template_and_addresses() -> None:
    event = status(
        Type="TEMPLATE",
        MsgFrameType="Template",
        TemplateCode="820561547132813184",
        TemplateName="wa_otp",
        Language="id",
        OriginPhoneNumber="+86 130 0000 0000",
        WabaId="1",
    )

    assert (event.message_type, event.frame_type) == ("template", "template")
    assert event.template_code == "820561547132813184"
    assert (event.template_name, event.template_language) == ("wa_otp", "id")
    assert event.other_addresses == ("8613000000000",)
    assert event.account_ids == (("waba_id", "1"),)


@pytest.mark.parametrize("written", [1764590400, "1764590400", " 1764590400000 "])
def test_time_may_be_text_or_seconds(written: object) -> None:
    assert status(Timestamp=written).claimed_at == SENT_AT


@pytest.mark.parametrize("written", [None, "soon", 10**17, -5, []])
def test_unusable_time_is_none_and_flagged(written: object) -> None:
    event = status(Timestamp=written)

    assert event.claimed_at is None
    assert event.claimed_meaning is None
    assert event.flags == Flag.TIME_UNUSABLE


@pytest.mark.parametrize(
    ("channel_type", "to", "expected"),
    [
        ("whatsapp", "+8613800138000", Identity(IdentityKind.PHONE, "8613800138000")),
        ("viber", "380501234567", Identity(IdentityKind.PHONE, "380501234567")),
        ("whatsapp", BSUID, Identity(IdentityKind.USER_ID, BSUID)),
        ("messenger", "6543", Identity(IdentityKind.CHANNEL_USER_ID, "6543")),
        ("line", "U4af49", Identity(IdentityKind.CHANNEL_USER_ID, "U4af49")),
        ("multi", "+8613800138000", Identity(IdentityKind.PHONE, "8613800138000")),
        ("multi", "9" * 17, Identity(IdentityKind.CHANNEL_USER_ID, "9" * 17)),
    ],
)
def test_user_is_named_as_the_channel_type_names_people(
    channel_type: str, to: str, expected: Identity
) -> None:
    assert status(channel_type, To=to).identities == (expected,)


def test_from_user_fields_of_a_status_name_the_user() -> None:
    event = status(
        To="", FromUserId=BSUID, FromParentUserId="US.ENT.1", FromUserName="x"
    )

    assert event.identities == (
        Identity(IdentityKind.USER_ID, BSUID),
        Identity(IdentityKind.PARENT_USER_ID, "US.ENT.1"),
        Identity(IdentityKind.USERNAME, "x"),
    )
