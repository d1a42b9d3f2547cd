"""What each update says: statuses, messages, templates, consent and the rest."""

from datetime import UTC, datetime, timedelta

import pytest

from channels_cfg.wire import (
    Failure,
    Flag,
    Identity,
    IdentityKind,
    Kind,
    Status,
)

from .reading import BSUID, batch, read, read_fixture, read_message, read_status

SENT_AT = datetime(2025, 6, 18, 16, 22, 53, tzinfo=UTC)
PHONE = Identity(IdentityKind.PHONE, "16505551234")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("sent", Status.SENT),
        ("delivered", Status.DELIVERED),
        ("READ ", Status.READ),
        ("played", Status.PLAYED),
        ("failed", Status.FAILED),
        ("deleted", Status.DELETED),
        ("warning", Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_word_gives_our_status(word: str | None, status: Status) -> None:
    event = read_status(status=word)

    assert event.status is status
    assert event.raw_status == (word or "")
    assert (Flag.UNKNOWN_STATUS in event.flags) == (status is Status.UNKNOWN)


@pytest.mark.parametrize(
    "told", ["1750263773", 1750263773, "1750263773000", 1750263773000, " 1750263773 "]
)
def test_time_is_read_as_text_or_number_in_seconds_or_milliseconds(
    told: object,
) -> None:
    assert read_status(timestamp=told).claimed_at == SENT_AT


@pytest.mark.parametrize("told", ["soon", None, "", "-5", [], "9" * 40])
def test_status_without_a_usable_time_is_kept_and_flagged(told: object) -> None:
    event = read_status(timestamp=told)

    assert event.claimed_at is None
    assert Flag.TIME_UNUSABLE in event.flags


def test_key_tells_words_and_codes_apart_but_not_times() -> None:
    first = read_status()

    assert first.key == read_status(timestamp="1750263999").key
    assert first.key != read_status(status="failed").key
    assert (
        read_status(status="failed", errors=[{"code": 131026}]).key
        != read_status(status="failed", errors=[{"code": 131049}]).key
    )


def test_failure_keeps_code_and_every_word() -> None:
    error = {
        "code": 131026,
        "title": "a",
        "message": "b",
        "error_data": {"details": "c"},
    }

    event = read_status(status="failed", errors=[error])

    assert event.failure == Failure(code="131026", description="a: b: c")


def test_status_tells_business_account_task_and_conversation() -> None:
    (event,) = read_fixture("status_read")
    (older,) = read_fixture("status_delivered_conversation")

    assert event.business_address == "15550783881"
    assert event.other_addresses == ("106540352242922",)
    assert event.account_ids == (("waba_id", "102290129340398"),)
    assert event.task_id == "order-4711"
    assert older.provider_conversation_id == "6f5aa6d5e3e1e8f8d9a1"
    assert older.conversation_type == "service"


@pytest.mark.parametrize(
    ("fields", "identities"),
    [
        ({}, (PHONE,)),
        ({"recipient_id": "+1 650-555-1234"}, (PHONE,)),
        ({"recipient_id": None}, ()),
        (
            {"recipient_user_id": BSUID},
            (PHONE, Identity(IdentityKind.USER_ID, BSUID)),
        ),
        ({"recipient_id": BSUID}, (Identity(IdentityKind.USER_ID, BSUID),)),
        (
            {"recipient_id": "US.ENT.5678"},
            (Identity(IdentityKind.PARENT_USER_ID, "US.ENT.5678"),),
        ),
    ],
)
def test_person_is_named_by_whatever_is_told(
    fields: dict[str, object], identities: tuple[Identity, ...]
) -> None:
    event = read_status(**fields)

    assert event.identities == identities
    assert event.recipient_number == ""


def test_participants_of_a_group_are_told_apart() -> None:
    one, two = read_fixture("status_group")

    assert one.message_id == two.message_id
    assert one.key != two.key
    assert (one.recipient_number, two.recipient_number) == (
        "16505551234",
        "16505555678",
    )
    assert one.provider_conversation_id == "Y2FwaV9ncm91cDox"


@pytest.mark.parametrize(
    ("type_", "content", "shown"),
    [
        ("text", {"body": " hi "}, ("text", " hi ")),
        ("image", {"caption": "look", "id": "1"}, ("image", "look")),
        ("voice", {"id": "1"}, ("audio", "")),
        ("sticker", {"id": "1"}, ("sticker", "")),
        ("location", {"latitude": 1, "longitude": 2}, ("location", "")),
        ("contacts", [{"name": {"formatted_name": "Bob"}}], ("contacts", "Bob")),
        ("button", {"text": "No", "payload": "n"}, ("reply", "No")),
        ("reaction", {"emoji": "👍", "message_id": "w"}, ("reaction", "👍")),
        ("system", {"body": "changed"}, ("system", "changed")),
        ("order", {"text": "please", "catalog_id": "1"}, ("interactive", "please")),
        ("unsupported", None, ("unsupported", "")),
        ("hologram", {"depth": 3}, ("unsupported", "")),
    ],
)
def test_content_of_every_type_is_kept(
    type_: str, content: object, shown: tuple[str, str]
) -> None:
    event = read_message(type_, content)

    assert event.content is not None
    assert (event.content.type, event.content.text) == shown
    assert event.kind is Kind.INBOUND
    assert event.key == ("inbound", "wamid.1")


def test_media_has_an_id_and_on_newer_versions_a_link() -> None:
    image, _, _, document, _ = (
        event.content for event in read_fixture("inbound_media")
    )

    assert image is not None
    assert image.media is None
    assert image.details["id"] == "1003383421387256"
    assert document is not None
    assert document.media is not None
    assert document.media.filename == "bill.pdf"


@pytest.mark.parametrize(
    ("written", "answer"),
    [('{"age": "32"}', {"age": "32"}), ("{oops", "{oops"), (None, None), ("[1]", [1])],
)
def test_form_is_read_out_of_its_text(written: object, answer: object) -> None:
    form = {
        "type": "nfm_reply",
        "nfm_reply": {"body": "Sent", "response_json": written},
    }

    content = read_message("interactive", form).content

    assert content is not None
    assert content.text == "Sent"
    assert content.details == {"type": "nfm_reply", "answer": answer}


def test_answer_and_reaction_name_the_message_they_are_about() -> None:
    answer = read_message("text", {"body": "Yes"}, context={"id": "wamid.Q"})
    reaction = read_message("reaction", {"emoji": "👍", "message_id": "wamid.R"})

    assert (answer.reply_to, reaction.reply_to) == ("wamid.Q", "wamid.R")


def test_echo_is_of_the_person_it_was_sent_to() -> None:
    (event,) = read_fixture("echo")

    assert (event.kind, event.status) == (Kind.ECHO, None)
    assert event.identities == (PHONE,)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("APPROVED", "approved"),
        ("REINSTATED", "approved"),
        ("REJECTED", "rejected"),
        ("PENDING", "pending"),
        ("IN_APPEAL", "pending"),
        ("PAUSED", "paused"),
        ("DISABLED", "disabled"),
        ("FLAGGED", "flagged"),
        ("ARCHIVED", "archived"),
        ("DELETED", "deleted"),
        ("PENDING_DELETION", "deleted"),
        ("UNARCHIVED", "unknown"),
        ("LOCKED", "unknown"),
        ("LIMIT_EXCEEDED", "unknown"),
    ],
)
def test_template_event_gives_our_status(word: str, status: str) -> None:
    value = {"event": word, "message_template_id": 1689556908129832, "reason": None}

    (event,) = read(batch("message_template_status_update", value))

    assert event.template is not None
    assert (event.template.status, event.template.raw_status) == (status, word)
    assert event.template_code == "1689556908129832"
    assert event.claimed_at == datetime(2025, 2, 12, 0, 43, 44, tzinfo=UTC)


def test_template_event_sent_again_is_the_same_and_a_later_one_is_not() -> None:
    value = {"event": "PAUSED", "message_template_id": 1}
    field = "message_template_status_update"

    (first,), (again,) = read(batch(field, value)), read(batch(field, value))
    (later,) = read(batch(field, value, time=1739321999))
    (timeless,) = read(batch(field, value, time=None))

    assert first.key == again.key != later.key
    assert first.key_lasts is None
    assert timeless.key_lasts == timedelta(minutes=10)


def test_announced_category_changes_nothing_yet() -> None:
    (event,) = read_fixture("category_coming")

    assert event.template is not None
    assert (event.template.aspect, event.template.category) == ("category", "")
    assert event.template.reason == "will become MARKETING"


def test_stop_of_marketing_is_consent_and_not_a_status() -> None:
    (event,) = read_fixture("preference_stop")

    assert (event.kind, event.status) == (Kind.SUBSCRIPTION, None)
    assert (event.raw_status, event.message_type) == ("stop", "marketing_messages")
    assert event.identities[0] == PHONE


def test_error_of_the_account_keeps_its_code() -> None:
    event = read_fixture("errors_of_account")[0]

    assert event.kind is Kind.ACCOUNT
    assert event.failure == Failure(code="130429", description="Rate limit hit")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("account_update", Kind.ACCOUNT),
        ("phone_quality", Kind.ACCOUNT),
        ("messenger", Kind.UNKNOWN),
        ("field_unknown", Kind.UNKNOWN),
    ],
)
def test_update_about_no_message_is_kept(name: str, kind: Kind) -> None:
    events = read_fixture(name)

    assert {event.kind for event in events} == {kind}
    assert len({event.key for event in events}) == len(events)
