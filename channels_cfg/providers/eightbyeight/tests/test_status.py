"""Receipts: words, details, errors, times and keys."""

from datetime import UTC, datetime

import pytest

from channels_cfg.wire import (
    ClaimedMeaning,
    Failure,
    Flag,
    Status,
)

from .reading import read, read_fixture, receipt


@pytest.mark.parametrize(
    ("state", "detail", "code", "status"),
    [
        ("accepted", None, None, Status.QUEUED),
        ("queued", None, None, Status.QUEUED),
        ("sent", None, None, Status.SENT),
        ("sent", "delivered_to_operator", None, Status.CHANNEL),
        ("delivered", "delivered_to_operator", None, Status.CHANNEL),
        ("delivered", "Delivered_To_Operator ", None, Status.CHANNEL),
        ("delivered", "delivered_to_carrier", None, Status.CHANNEL),
        ("delivered", "delivered_to_recipient", None, Status.DELIVERED),
        ("delivered", None, None, Status.DELIVERED),
        (" READ ", None, None, Status.READ),
        ("read", "delivered_to_operator", None, Status.READ),
        ("undelivered", "rejected_by_operator", 15, Status.FAILED),
        ("undelivered", "delivered_to_operator", 15, Status.FAILED),
        ("failed", None, 1054, Status.FAILED),
        ("undelivered", None, 36, Status.EXPIRED),
        ("failed", None, "36", Status.EXPIRED),
        ("rejected", None, 42, Status.REJECTED),
        ("rejected", None, 36, Status.REJECTED),
        ("ok", None, None, Status.UNKNOWN),
        ("error", None, 14, Status.UNKNOWN),
        ("", None, None, Status.UNKNOWN),
    ],
)
def test_state_and_detail_together_give_our_status(
    state: str, detail: str | None, code: object, status: Status
) -> None:
    event = receipt({}, state=state, detail=detail, errorCode=code)

    assert event.status is status
    assert event.raw_status == state
    assert (Flag.UNKNOWN_STATUS in event.flags) == (status is Status.UNKNOWN)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("RECEIVED FOR PROCESSING", Status.QUEUED),
        ("SENT", Status.SENT),
        ("DELIVERED TO CARRIER", Status.CHANNEL),
        ("DELIVERED TO DEVICE", Status.DELIVERED),
        ("REJECTED BY DEVICE", Status.FAILED),
        ("REJECTED BY CARRIER", Status.FAILED),
        ("TRASHED", Status.REJECTED),
        ("READ", Status.READ),
        ("EATEN BY DOG", Status.UNKNOWN),
    ],
)
def test_legacy_word_gives_our_status(state: str, status: Status) -> None:
    event = read(
        {
            "eventType": "outboundMessageDelivery",
            "umid": "m-1",
            "channel": "viber",
            "status": state,
            "timestamp": "2018-08-21T09:38:55Z",
            "error": None,
            "version": 4,
        }
    )

    assert (event.status, event.raw_status) == (status, state)
    assert event.claimed_at == datetime(2018, 8, 21, 9, 38, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (None, Failure()),
        (15, Failure(code="15")),
        ("15", Failure(code="15")),
        ("number wrong", Failure(description="number wrong")),
        (
            {"code": 36, "message": "too late"},
            Failure(code="36", description="too late"),
        ),
    ],
)
def test_legacy_error_is_taken_in_any_shape(error: object, failure: Failure) -> None:
    event = read({"umid": "m-1", "status": "REJECTED BY CARRIER", "error": error})

    assert event.failure == failure


def test_both_error_codes_stay_though_they_disagree() -> None:
    event = read_fixture("v8_undelivered")

    assert event.failure == Failure(
        code="15", upstream_code="131009", description="Invalid destination"
    )


def test_success_code_in_the_error_table_is_no_failure() -> None:
    assert read_fixture("viber_success_code").failure is None


@pytest.mark.parametrize("digits", range(8))
def test_time_with_any_number_of_fraction_digits_is_read(digits: int) -> None:
    fraction = "." + "1234567"[:digits] if digits else ""

    event = receipt({}, timestamp=f"2026-07-03T03:24:00{fraction}Z")

    micros = int("1234567"[:digits].ljust(6, "0")[:6])
    assert event.claimed_at == datetime(2026, 7, 3, 3, 24, 0, micros, tzinfo=UTC)
    assert event.claimed_meaning is ClaimedMeaning.EVENT


def test_offset_is_turned_into_utc() -> None:
    event = receipt({}, timestamp="2026-07-03T11:24:00.5+08:00")

    assert event.claimed_at == datetime(2026, 7, 3, 3, 24, 0, 500_000, tzinfo=UTC)


def test_receipt_without_a_usable_time_is_kept_and_flagged() -> None:
    event = receipt({}, timestamp="soon")

    assert event.claimed_at is None
    assert Flag.TIME_UNUSABLE in event.flags


def test_key_tells_states_details_instants_codes_and_legs_apart() -> None:
    told: list[dict[str, object]] = [
        {},
        {"state": "delivered"},
        {"state": "delivered", "detail": "delivered_to_operator"},
        {"timestamp": "2026-07-03T03:24:00.01Z"},
        {"errorCode": 15},
    ]

    keys = {receipt({}, **each).key for each in told}

    assert len(keys | {receipt({"channel": "sms"}).key}) == len(told) + 1


def test_key_does_not_see_how_the_same_receipt_is_spelled() -> None:
    first = receipt({"channel": "whatsapp"}, timestamp="2026-07-03T03:24:00.10Z")

    again = receipt(
        {"channel": "WhatsApp", "user": {"msisdn": "+6512345678"}},
        state=" SENT",
        timestamp="2026-07-03T11:24:00.1000000+08:00",
    )

    assert first.key == again.key


def test_ids_of_message_and_batch_are_found_again() -> None:
    event = read_fixture("seed_delivered")

    assert event.task_id == "order-4711"
    assert event.client_batch_id == "spring-sale"
    assert event.batch_id == "3e09ac86-bd74-5465-851d-1eb5a5fdbb9b"
    assert event.business_address == "acme_hq"
    assert event.account_ids == (("sub_account_id", "acme_hq"),)
