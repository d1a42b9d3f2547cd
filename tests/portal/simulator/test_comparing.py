"""The comparison of what was told with what is shown; it must be able to fail."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import pytest

from channels_cfg.wire import Kind
from portal.simulator import shown
from portal.simulator.comparing import Difference, Fate, Seen, compare, fates_of
from portal.simulator.items import Expected

from .making import START, message, receipt, told

SENT, DELIVERED, READ = told("sent"), told("delivered"), told("read")
FAILED = told("failed", detail="131026")
AUDIT = Expected(
    kind=Kind.TEMPLATE, channel_type="whatsapp", word="pass", detail="c en "
)


def differ(
    acknowledged: Iterable[Expected],
    receipts: Iterable[shown.Receipt],
    messages: Iterable[shown.Message] = (),
    *,
    unproven: Iterable[Expected] = (),
) -> Difference:
    seen = Seen()
    seen.add_receipts(receipts)
    seen.add_messages(messages)
    return compare({*acknowledged}, {*unproven}, seen, since=START)


def audit_row(pk: str, *, before_s: float = 0) -> shown.Receipt:
    return shown.Receipt(
        id=pk,
        kind=Kind.TEMPLATE,
        channel_type="whatsapp",
        message_id=None,
        status=None,
        raw_status="pass",
        message_type=None,
        user=shown.User(),
        error=None,
        template=shown.Template(code="c", language="en"),
        received_at=START - timedelta(seconds=before_s),
        stored_at=START,
    )


def test_what_is_shown_once_and_folded_right_makes_no_difference() -> None:
    found = differ(
        [SENT, READ],
        [receipt("1", SENT), receipt("2", READ)],
        [message("1", status="read")],
    )

    assert found.is_none
    assert (found.visible, found.visible_messages) == (2, 1)


def test_acknowledged_receipt_that_is_not_shown_is_missing() -> None:
    found = differ([SENT, READ], [receipt("1", SENT)], [message("1", status="read")])

    assert found.missing == (READ,)
    assert found.is_missing
    assert not found.is_none


def test_receipt_shown_under_two_ids_is_doubled() -> None:
    found = differ([SENT], [receipt("1", SENT), receipt("2", SENT)], [message("1")])

    assert found.doubled == (SENT,)
    assert not found.is_none


def test_row_that_was_asked_for_twice_is_not_doubled() -> None:
    found = differ([SENT], [receipt("1", SENT), receipt("1", SENT)], [message("1")])

    assert found.is_none


def test_receipt_read_as_another_status_is_missing_and_not_as_told() -> None:
    found = differ(
        [DELIVERED], [receipt("1", READ)], [message("1", status="delivered")]
    )

    assert found.missing == (DELIVERED,)
    assert found.untold == (READ,)


def test_receipt_shown_for_another_person_is_missing() -> None:
    stranger = receipt("1", SENT)
    row = msgspec.structs.replace(stranger, user=shown.User(phone="+1"))

    assert differ([SENT], [row], [message("1")]).missing == (SENT,)


def test_receipts_of_others_on_the_channel_make_no_difference() -> None:
    other = told("failed", message_id="2")

    assert differ(
        [SENT],
        [receipt("1", SENT), receipt("2", other)],
        [message("1"), message("2", "2")],
    ).is_none


def test_message_with_another_status_than_its_receipts_make_is_wrong() -> None:
    found = differ([SENT], [receipt("1", SENT)], [message("1", status="read")])

    assert found.wrong_messages == ("1: read, expected sent",)


def test_message_that_is_not_shown_is_missing_and_one_shown_twice_is_doubled() -> None:
    rows = [receipt("1", SENT)]

    assert differ([SENT], rows).missing_messages == ("1",)
    assert differ([SENT], rows, [message("1"), message("2")]).doubled_messages == ("1",)


def test_unacknowledged_receipt_may_be_kept_or_not_and_counts_only_if_kept() -> None:
    kept = [receipt("1", SENT), receipt("2", READ)]

    assert differ([SENT], kept[:1], [message("1")], unproven=[READ]).is_none
    assert differ([SENT], kept, [message("1", status="read")], unproven=[READ]).is_none


def test_audit_of_an_earlier_run_stands_for_an_equal_one_of_now() -> None:
    assert differ([AUDIT], [audit_row("1", before_s=60)]).is_none
    assert differ([AUDIT], [audit_row("1", before_s=60), audit_row("2")]).is_none
    assert differ([AUDIT], []).missing == (AUDIT,)
    assert differ([AUDIT], [audit_row("1"), audit_row("2")]).doubled == (AUDIT,)


@pytest.mark.parametrize(
    ("receipts", "fate"),
    [
        ([SENT, READ, DELIVERED], Fate(status="read")),
        ([SENT, FAILED], Fate(status="failed", error_code="131026")),
        (
            [FAILED, DELIVERED],
            Fate(status="delivered", contradiction=True, error_code="131026"),
        ),
        ([told("deleted"), SENT], Fate(status="sent")),
        ([told("deleted")], Fate(status="unknown")),
    ],
)
def test_message_must_look_as_its_receipts_say(
    receipts: list[Expected], fate: Fate
) -> None:
    assert fates_of(receipts) == {"1": fate}


def test_leg_that_got_furthest_decides_and_a_failed_leg_is_no_contradiction() -> None:
    by_sms = Expected(
        kind=Kind.STATUS, channel_type="sms", message_id="1", word="delivered"
    )

    assert fates_of([SENT, FAILED, by_sms]) == {"1": Fate(status="delivered")}


def test_consents_and_audits_make_no_message() -> None:
    consent = Expected(
        kind=Kind.SUBSCRIPTION, channel_type="viber", message_id="9", word="subscribe"
    )

    assert fates_of([consent, AUDIT]) == {}
