"""Counts from the roll-ups."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from channels_cfg.models import Channel
from receipts.models import ReceiptCount
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

HOUR = datetime(2026, 1, 2, 3, tzinfo=UTC)


def count(channel: Channel, hours: int, n: int, **values: object) -> None:
    """Write a row of the roll-up."""
    given = {"kind": "status", "status": "sent", **values}
    hour = HOUR + timedelta(hours=hours)
    ReceiptCount.objects.create(hour=hour, channel=channel, n=n, **given)


def test_hours_are_summed_over_all_their_rows(api: Api, channel: Channel) -> None:
    for hours, n in ((0, 2), (0, 3), (1, 1), (2, 5), (2, -5), (30, 9)):
        count(channel, hours, n)

    shown = api.get("stats/", **{"from": "2026-01-02T03:10", "to": "2026-01-02T05:20"})

    assert shown == {
        "interval": "hour",
        "from": "2026-01-02T03:00:00Z",
        "to": "2026-01-02T06:00:00Z",
        "results": [
            {"start": "2026-01-02T03:00:00Z", "count": 5},
            {"start": "2026-01-02T04:00:00Z", "count": 1},
        ],
    }


def test_days_are_grouped_by_what_was_asked(api: Api, channel: Channel) -> None:
    count(channel, 0, 1, error_code="1", status="failed")
    count(channel, 5, 2, error_code="1", status="failed")
    count(channel, 5, 4)

    shown = api.get(
        "stats/",
        interval="day",
        group_by="channel,error_code",
        **{"from": "2026-01-01", "to": "2026-01-09"},
    )

    start = "2026-01-02T00:00:00Z"
    assert shown["results"] == [
        {"start": start, "channel": "wa-main", "error_code": code, "count": n}
        for code, n in (("1", 3), (None, 4))
    ]


def test_limited_token_counts_its_own_channels(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    count(channel, 0, 1)
    count(factories.make_channel("other"), 0, 7)
    api = as_token("receipts:read", channels=(channel,))

    shown = api.get("stats/", **{"from": "2026-01-02", "to": "2026-01-03"})

    assert [row["count"] for row in shown["results"]] == [1]


def test_default_span_holds_this_hour(api: Api, channel: Channel) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    ReceiptCount.objects.create(hour=now, channel=channel, n=1, kind="status")

    assert [row["count"] for row in api.get("stats/")["results"]] == [1]
    days = api.get("stats/", interval="day")
    assert [row["count"] for row in days["results"]] == [1]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("interval", {"interval": "week"}),
        ("group_by", {"group_by": "channel,colour"}),
        ("group_by", {"group_by": "kind,kind"}),
        ("group_by", {"group_by": ""}),
        ("from", {"from": "x"}),
        ("from", {"from": "2026-01-01", "to": "2026-03-01"}),
        ("from", {"interval": "day", "from": "2020-01-01"}),
        ("to", {"from": "2026-01-02", "to": "2026-01-01"}),
        ("to", {"to": "9999-12-31T23:59:59Z"}),
        ("kind", {"kind": "status"}),
    ],
)
def test_bad_question_is_named(api: Api, name: str, parameters: dict[str, str]) -> None:
    problem = api.refused(400, "stats/", **parameters)

    assert [error["parameter"] for error in problem["errors"]] == [name]
