"""The overview: the verdict, the tiles, counts that are never a scan."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from channels_cfg.models import CallbackPath, Channel, ErrorCode
from receipts.ids import uuid7
from receipts.models import AckHour, Callback, PathUse
from tests.portal.console.conftest import Tell, status


def test_overview_without_channel_names_the_first_steps(owner: Client) -> None:
    html = owner.get("/admin/").content.decode()

    assert "No channel is switched on" in html
    assert "Three steps to the first receipt" in html


@pytest.mark.usefixtures("channel")
def test_channel_that_never_saw_anything_waits(owner: Client) -> None:
    html = owner.get("/admin/").content.decode()

    assert "1 of 1 channels wait for a first receipt" in html


@pytest.mark.parametrize(
    ("quiet", "verdict"),
    [
        (timedelta(minutes=3), "Arriving"),
        (timedelta(hours=30), "1 of 1 channels needs you"),
    ],
)
def test_verdict_follows_when_a_path_was_last_used(
    owner: Client, channel: Channel, quiet: timedelta, verdict: str
) -> None:
    path = CallbackPath.objects.get(channel=channel)
    PathUse.objects.create(callback_path=path, last_used_at=timezone.now() - quiet)

    assert owner.get("/admin/").context["verdict"] == verdict


@pytest.mark.usefixtures("story")
def test_overview_counts_receipts_and_messages_from_the_roll_ups(
    owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(22) as queries:
        context = owner.get("/admin/").context

    read = " ".join(query["sql"] for query in queries.captured_queries)
    assert '"receipts_receipt"' not in read
    assert '"receipts_message"' not in read
    assert context["day"].folded == 5
    assert {word: n for word, n, _ in context["funnel"]}["delivered"] == 1


def test_day_tells_accepted_as_folded_waiting_and_failed(
    owner: Client, channel: Channel, tell: Tell
) -> None:
    tell([status("Sent"), status("Failed", MessageId="m2")])
    tell([status("Sent", MessageId="")])
    at = timezone.now()
    Callback.objects.create(
        id=uuid7(at),
        received_at=at,
        channel=channel,
        receipt_type="mt_status",
        mode="push",
        body=b"[]",
    )

    answer = owner.get("/admin/")

    day = answer.context["day"]
    assert (day.folded, day.waiting, day.unread) == (2, 1, 1)
    assert day.total == 4
    assert "<strong>4</strong> accepted" in answer.content.decode()


def test_channel_with_quarantined_items_comes_first(
    owner: Client, channel: Channel, tell: Tell
) -> None:
    Channel.objects.create(key="a", name="A", provider="cams", type="viber")
    tell([status("Sent", MessageId="")])

    tiles = owner.get("/admin/").context["tiles"]

    assert (
        "1 item in quarantine" in next(t for t in tiles if t.channel == channel).needs
    )


@pytest.mark.usefixtures("story")
def test_tile_tells_ack_and_failures_against_their_limits(
    owner: Client, channel: Channel
) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    over = {"over_50": 3, "over_80": 2, "over_100": 0}
    AckHour.objects.create(hour=hour, channel=channel, n=200, slowest_ms=2500, **over)

    answer = owner.get("/admin/")
    tile = answer.context["tiles"][0]

    assert tile.acks.p99_within == 80
    said = " ".join(strip_tags(answer.content.decode()).split())
    assert "within 80 % of 3 s allowed; slowest 2500 ms" in said
    assert round(tile.failure_rate) == 33
    assert tile.failure_rate_before is None


def test_failures_that_doubled_against_the_week_before_need_somebody(
    owner: Client, channel: Channel, tell: Tell
) -> None:
    last_week = timedelta(days=4)
    tell([status("Sent", MessageId=f"a{n}") for n in range(40)], ago=last_week)
    tell([status("Failed", MessageId=f"b{n}") for n in range(2)], ago=last_week)
    tell([status("Failed", MessageId=f"c{n}") for n in range(20)])

    tile = owner.get("/admin/").context["tiles"][0]

    assert tile.failure_rate == 100
    assert tile.needs == [
        "Failures without a code: 20 of 20 statuses (100.0 %, usually 4.8 %)"
    ]


def test_error_codes_that_we_do_not_know_come_first_with_their_count(
    owner: Client, tell: Tell
) -> None:
    known = [status("Failed", MessageId=f"k{n}", ErrorCode="131026") for n in range(3)]
    tell([*known, status("Failed", MessageId="u", ErrorCode="999901")])
    ErrorCode.objects.update_or_create(
        provider="cams", code="131026", defaults={"title": "Undeliverable"}
    )

    codes = owner.get("/admin/codes/").context["codes"]

    assert [(row.code, row.count) for row in codes] == [("999901", 1), ("131026", 3)]
    assert codes[0].entry is None
