"""What is usual: silence against a channel's own weeks, failures against the last one."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from channels_cfg.models import Channel
from receipts.alerts.findings import Finding
from receipts.alerts.judging import findings
from receipts.alerts.kinds import failures, silence
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.models import ReceiptCount
from tests.receipts.alerts.conftest import used

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def count(channel: Channel, ago: timedelta, n: int, **fields: object) -> None:
    """Count receipts of the hour that was ``ago``."""
    hour = (timezone.now() - ago).replace(minute=0, second=0, microsecond=0)
    told = {"kind": "status", "status": "sent", **fields}
    ReceiptCount.objects.create(hour=hour, channel=channel, n=n, **told)


def silent(channel: Channel) -> list[Finding]:
    """Return what the judge of silence finds."""
    return list(findings(silence.KIND, Look(timezone.now()), Rules()))


def failing() -> list[Finding]:
    """Return what the judge of failures finds."""
    return list(findings(failures.KIND, Look(timezone.now()), Rules()))


@pytest.mark.parametrize(
    ("weeks", "is_found"),
    [
        ([60, 60, 60, 60], True),
        ([60, 60], True),  # a channel of two weeks
        ([60], False),  # one week is no habit
        ([60, 0, 60, 60], False),  # it was empty once: a holiday, a campaign
        ([60, 60, 60, 4], False),
        ([3, 3, 3, 3], False),  # too few to be missed
        ([], False),
    ],
)
def test_silence_is_found_where_each_week_brought_enough(
    channel: Channel, weeks: Sequence[int], is_found: bool
) -> None:
    for number, n in enumerate(weeks, 1):
        for back in range(4):
            count(channel, number * WEEK + back * HOUR, n)
    used(channel, 2 * HOUR)

    assert bool(silent(channel)) == is_found


def test_silence_counts_the_same_hours_and_the_same_kind_only(channel: Channel) -> None:
    for number in (1, 2, 3, 4):
        count(channel, number * WEEK + 8 * HOUR, 500)  # by day; now it is night
        count(channel, number * WEEK + HOUR, 500, kind="inbound", status=None)
    used(channel, 2 * HOUR)

    assert not silent(channel)


def test_silence_of_a_week_is_still_compared_with_the_weeks_before_it(
    channel: Channel,
) -> None:
    for number in (1, 2, 3, 4):
        for back in range(25):
            count(channel, number * WEEK + 8 * 24 * HOUR - back * HOUR, 10)
    used(channel, 8 * 24 * HOUR)

    (found,) = silent(channel)

    assert found.subject == "wa-main/mt_status"
    assert "240, 240, 240, 240" in found.facts["Same hours of the weeks before"]


def test_part_of_an_hour_is_expected_to_bring_a_part(channel: Channel) -> None:
    for number in (1, 2):
        for back in range(3):
            count(channel, number * WEEK + back * HOUR, 18)
    used(channel, timedelta(minutes=31))
    assert not silent(channel)  # 9 are expected of half an hour

    used(channel, timedelta(minutes=50))

    assert silent(channel)


def test_channel_that_waits_for_its_first_receipt_is_not_silent(
    channel: Channel,
) -> None:
    assert not silent(channel)


@pytest.mark.parametrize(
    ("failed", "before", "is_found"),
    [
        (25, 0, True),
        (19, 0, False),  # too few
        (25, 100, True),  # 2 % before, 20 % now
        (25, 800, False),  # 16 % before
        (25, 600, False),  # 12 %: not twice
    ],
)
def test_failures_are_found_above_twice_the_share_of_the_week(
    channel: Channel, failed: int, before: int, is_found: bool
) -> None:
    code = {"status": "failed", "error_code": "131026"}
    count(channel, timedelta(days=2), 5000 - before)
    count(channel, timedelta(days=2), before, **code)
    count(channel, timedelta(), 125 - failed)
    count(channel, timedelta(), failed, **code)

    assert bool(failing()) == is_found


def test_template_that_fails_as_all_do_is_no_finding_of_its_own(
    channel: Channel,
) -> None:
    for template in ("a", "b"):
        count(channel, timedelta(), 60, template_code=template)
        told = {"status": "failed", "error_code": "1", "template_code": template}
        count(channel, timedelta(), 30, **told)

    assert [found.subject for found in failing()] == ["wa-main/code/1"]


def test_channels_that_are_off_are_not_judged(channel: Channel) -> None:
    used(channel, timedelta(days=3))
    channel.is_active = False
    channel.save()

    assert not silent(channel)
