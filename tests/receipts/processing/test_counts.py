"""The compactor of the roll-ups: the same sums, in fewer rows, without a look at the rest."""

from datetime import UTC, datetime

import pytest

from channels_cfg.models import Channel
from receipts.models import ReceiptCount
from receipts.processing.counts import compact

HOUR = datetime(2026, 11, 21, 9, tzinfo=UTC)
Row = tuple[str | None, str | None, int, bool]

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> Channel:
    """A channel that counts."""
    return Channel.objects.create(key="wa", name="wa", provider="cams", type="whatsapp")


def put(channel: Channel, n: int, **given: object) -> ReceiptCount:
    """Append a row."""
    values = {"kind": "status", "status": "sent", **given}
    return ReceiptCount.objects.create(hour=HOUR, channel=channel, n=n, **values)


def rows() -> list[Row]:
    """Return status, error code, number and mark of each row."""
    found = ReceiptCount.objects.values_list("status", "error_code", "n", "is_delta")
    return sorted(found, key=str)


def test_what_was_appended_is_summed_with_what_is_there(channel: Channel) -> None:
    put(channel, 5, is_delta=False)
    for n in (1, 2):
        put(channel, n)
    put(channel, 7, status="failed", error_code="131026")

    compact()

    assert rows() == [("failed", "131026", 7, False), ("sent", None, 8, False)]


def test_groups_that_brought_nothing_are_left_alone(channel: Channel) -> None:
    summed = put(channel, 5, status="read", is_delta=False)
    put(channel, 1)

    compact()

    assert ReceiptCount.objects.filter(pk=summed.pk).exists()


def test_what_adds_up_to_nothing_is_gone(channel: Channel) -> None:
    put(channel, 3, is_delta=False)
    put(channel, -3)

    compact()

    assert rows() == []


def test_two_kinds_of_nothing_stay_apart(channel: Channel) -> None:
    put(channel, 1, error_code=None)
    put(channel, 2, error_code="")

    compact()

    assert rows() == [("sent", "", 2, False), ("sent", None, 1, False)]
