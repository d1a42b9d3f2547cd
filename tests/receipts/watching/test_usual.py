"""How much usually arrives in the hours of a gap."""

from datetime import datetime, timedelta

import pytest

from channels_cfg.models import Channel
from receipts.models import ReceiptCount
from receipts.watching.usual import hours_of, load, volume
from receipts.watching.windows import Window
from tests.receipts.watching.door import NOON

pytestmark = pytest.mark.django_db
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def channel() -> Channel:
    return Channel.objects.create(key="wa", name="WA", provider="cams", type="whatsapp")


def counted(channel: Channel, hour: datetime, n: int) -> None:
    ReceiptCount.objects.create(hour=hour, channel=channel, kind="status", n=n)


def usual(channel: Channel, window: Window) -> float | None:
    return volume(channel.pk, (window,), load([window]))


def test_usual_is_the_mean_of_the_same_hour_in_the_weeks_before(
    channel: Channel,
) -> None:
    for week, n in ((1, 100), (2, 200), (3, 300), (4, 400), (5, 9_999)):
        counted(channel, NOON - WEEK * week, n)
    counted(channel, NOON - HOUR, 7_777)

    assert usual(channel, Window(NOON, NOON + HOUR)) == 250


def test_weeks_before_the_first_receipt_do_not_count(channel: Channel) -> None:
    counted(channel, NOON - WEEK * 2, 300)

    assert usual(channel, Window(NOON, NOON + HOUR)) == 150


def test_delta_rows_of_an_hour_are_added(channel: Channel) -> None:
    for n in (100, 60, -10):
        counted(channel, NOON - WEEK, n)

    assert usual(channel, Window(NOON, NOON + HOUR)) == 150


def test_part_of_an_hour_has_its_part_of_the_volume(channel: Channel) -> None:
    counted(channel, NOON - WEEK, 360)
    counted(channel, NOON - WEEK + HOUR, 3600)
    window = Window(NOON + timedelta(minutes=55), NOON + timedelta(minutes=65))

    assert usual(channel, window) == pytest.approx(30 + 300)


def test_volume_of_the_first_week_is_not_known(channel: Channel) -> None:
    counted(channel, NOON - timedelta(days=3), 100)

    assert usual(channel, Window(NOON, NOON + HOUR)) is None


def test_no_window_brings_nothing(channel: Channel) -> None:
    assert volume(channel.pk, (), load([])) == 0


def test_hours_are_those_that_a_window_touches() -> None:
    window = Window(NOON - timedelta(seconds=1), NOON + HOUR)

    assert hours_of(window) == [NOON - HOUR, NOON]
