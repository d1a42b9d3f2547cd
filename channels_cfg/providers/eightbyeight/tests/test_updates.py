"""Events about no message: templates, numbers, accounts, clicks and unknown ones."""

import json
from datetime import timedelta

import pytest

from channels_cfg.wire import (
    Kind,
    ReceiptType,
)

from .reading import read, read_fixture


@pytest.mark.parametrize(
    ("name", "aspect", "status", "rest"),
    [
        ("template_approved", "review", "approved", ""),
        ("template_rejected", "review", "rejected", "INCORRECT_CATEGORY"),
        ("template_flagged", "review", "flagged", "disabled on 2025-02-01"),
        ("template_paused", "review", "paused", "FIRST_PAUSE; Pause description"),
        ("template_word_unknown", "review", "unknown", ""),
        ("template_quality", "quality", "", ""),
        ("template_category", "category", "", ""),
        (
            "template_correct_category",
            "category",
            "",
            "looks like MARKETING, sent as UTILITY",
        ),
    ],
)
def test_template_update_says_what_changed(
    name: str, aspect: str, status: str, rest: str
) -> None:
    event = read_fixture(name)

    assert event.template is not None
    change = event.template
    assert (change.aspect, change.status, change.reason) == (aspect, status, rest)
    assert event.template_code == "1405047553933887"
    assert event.receipt_type is ReceiptType.TEMPLATE_AUDIT


def test_detected_category_changes_nothing() -> None:
    change = read_fixture("template_correct_category").template

    assert change is not None
    assert change.category == ""


def test_update_is_known_by_its_event_id() -> None:
    told = {
        "eventId": "0f88f5c4",
        "accountId": "acme",
        "businessAccountId": 950523421983857,
        "eventType": "account_update",
        "eventDetails": {"event": "ACCOUNT_DELETED"},
    }

    event = read(told)

    assert event.key == ("event", "0f88f5c4")
    assert event.key_lasts is None
    assert event.account_ids == (
        ("account_id", "acme"),
        ("waba_id", "950523421983857"),
    )


def test_update_without_an_event_id_is_known_by_its_fields() -> None:
    told = {"eventType": "account_update", "eventDetails": {"event": "ACCOUNT_DELETED"}}

    event, again = read(told), read(json.loads(json.dumps(told, sort_keys=True)))

    assert event.key == again.key
    assert event.key != read(told | {"accountId": "other"}).key
    assert event.key_lasts == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("name", "word", "detail", "address"),
    [
        ("phone_quality", "UPGRADE", "TIER_10K", "15550783881"),
        ("phone_onboarding", "ONBOARDING", "TIER_10K", "15550783881"),
        (
            "account_verification_failed",
            "BUSINESS_VERIFICATION_STATUS_UPDATE",
            "FAILED",
            "",
        ),
        (
            "account_restriction",
            "ACCOUNT_RESTRICTION",
            "RESTRICTED_USER_INITIATED_CALLING",
            "16505552771",
        ),
        (
            "account_violation",
            "ACCOUNT_VIOLATION",
            "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
            "16505552771",
        ),
    ],
)
def test_account_update_says_what_happened_to_which_number(
    name: str, word: str, detail: str, address: str
) -> None:
    event = read_fixture(name)

    assert event.kind is Kind.ACCOUNT
    assert (event.raw_status, event.raw_detail) == (word, detail)
    assert event.business_address == address


def test_click_is_engagement_with_the_message_and_not_a_status() -> None:
    event = read_fixture("sms_click")

    assert (event.kind, event.status) == (Kind.ENGAGEMENT, None)
    assert event.message_id
    assert event.status_description == "https://example.com/landing?c=fall"


@pytest.mark.parametrize(
    "name", ["event_type_unknown", "update_unknown", "survey_answer"]
)
def test_event_of_an_unknown_type_is_kept_as_unknown(name: str) -> None:
    event = read_fixture(name)

    assert (event.kind, event.receipt_type) == (Kind.UNKNOWN, ReceiptType.OTHER)
