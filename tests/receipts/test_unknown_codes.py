"""Codes that the dictionary does not explain are counted and listed."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from channels_cfg.models import Channel, ErrorCode
from channels_cfg.services import error_codes
from receipts.models import Receipt, ReceiptCount
from tests.receipts.conftest import Push

DAY = timedelta(days=1)


def failed(number: int, code: str | None) -> dict[str, object]:
    return {"MessageId": f"m{number}", "Status": "Failed", "ErrorCode": code}


def listed() -> list[tuple[str, str, int]]:
    since = timezone.now() - DAY
    return [each[:3] for each in ReceiptCount.objects.unknown_codes(since)]


def test_unknown_codes_are_listed_with_their_provider_the_most_frequent_first(
    push: Push,
) -> None:
    error_codes.load()
    push([failed(1, "131026"), failed(2, "X-7"), failed(3, "999"), failed(4, "999")])

    assert listed() == [("cams", "999", 2), ("cams", "X-7", 1)]
    assert Receipt.objects.filter(error_code="999").count() == 2


def test_code_of_another_provider_explains_nothing(push: Push) -> None:
    ErrorCode.objects.create(provider="8x8", code="999")
    push([failed(1, "999"), failed(2, None)])

    assert listed() == [("cams", "999", 1)]


def test_code_that_ops_filled_in_is_no_longer_listed(push: Push) -> None:
    push([failed(1, "999")])

    ErrorCode.objects.create(provider="cams", code="999", title="Moon in the way")

    assert listed() == []


def test_only_what_was_seen_since_then_counts(push: Push, channel: Channel) -> None:
    old = datetime(2026, 1, 1, tzinfo=UTC)
    ReceiptCount.objects.create(
        hour=old, channel=channel, kind="status", status="failed", error_code="7", n=9
    )

    assert listed() == []
    assert ReceiptCount.objects.unknown_codes(old)[0].last_hour == old
