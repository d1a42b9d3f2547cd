"""What the ledger says of receipts that were pushed."""

import io
from datetime import UTC, datetime

import msgspec

from channels_cfg.wire import ReceiptType
from portal.simulator.items import Expected
from portal.simulator.ledger import Ledger, Outcome
from portal.simulator.traffic import Delivery

from .making import told

SENT, READ = told("sent"), told("read")


def push(*expected: Expected, is_repeat: bool = False) -> Delivery:
    return Delivery(
        number=1,
        receipt_type=ReceiptType.MT_STATUS,
        body=b"[]",
        due=0,
        expected=expected,
        is_repeat=is_repeat,
    )


def outcome(*, attempt: int = 1, is_good: bool = True, is_last: bool = True) -> Outcome:
    return Outcome(
        at=datetime(2026, 11, 21, tzinfo=UTC),
        attempt=attempt,
        ms=4,
        is_acknowledged=is_good,
        is_last=is_last,
        answer="200" if is_good else "503",
    )


def test_receipt_that_waits_for_a_retry_is_open() -> None:
    ledger = Ledger()

    ledger.note(push(SENT, READ), outcome(is_good=False, is_last=False))

    assert (ledger.tally().sent, ledger.tally().open) == (2, 2)
    assert ledger.unproven == {SENT, READ}


def test_receipt_acknowledged_in_one_of_two_pushes_is_not_given_up() -> None:
    ledger = Ledger()

    ledger.note(push(SENT), outcome(is_good=False))
    ledger.note(push(SENT, is_repeat=True), outcome())

    tally = ledger.tally()
    assert (tally.sent, tally.acknowledged, tally.given_up) == (1, 1, 0)
    assert (tally.pushes, tally.repeats) == (2, 1)


def test_receipt_never_acknowledged_is_given_up_after_the_last_attempt() -> None:
    ledger = Ledger()

    ledger.note(push(SENT), outcome(is_good=False, is_last=False))
    ledger.note(push(SENT), outcome(attempt=2, is_good=False))

    assert (ledger.tally().given_up, ledger.tally().retries) == (1, 1)
    assert not ledger.acknowledged


def test_every_attempt_is_a_line_of_the_file() -> None:
    file = io.BytesIO()
    ledger = Ledger(file)

    ledger.note(push(SENT), outcome(is_good=False, is_last=False))
    ledger.note(push(SENT), outcome(attempt=2))

    lines = [msgspec.json.decode(line) for line in file.getvalue().splitlines()]
    assert [line["outcome"]["answer"] for line in lines] == ["503", "200"]
    assert lines[0]["receipts"][0]["message_id"] == SENT.message_id
