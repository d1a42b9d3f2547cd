"""How far back a search looks, and what it says of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from channels_cfg.models import Channel
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

NOW = timezone.now()
OLD = NOW - timedelta(days=200)


@pytest.fixture
def old(channel: Channel) -> str:
    """A receipt from long ago; returns its id."""
    made = factories.make_receipt(
        channel,
        received_at=OLD,
        error_code="1",
        template_code="t",
        business_address="8613100000000",
        message_id="old",
        task_id="task",
        batch_id="batch",
    )
    return str(made.pk)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"channel": "wa-main"},
        {"status": "delivered"},
        {"error_code": "1"},
        {"template_code": "t"},
        {"business_address": "+8613100000000"},
        {"message_id": "old"},
        {"task_id": "task", "kind": "status", "channel": "wa-main"},
        {"batch_id": "batch", "status": "delivered"},
    ],
)
def test_ids_and_single_filters_look_at_all_time(
    api: Api, old: str, parameters: dict[str, str]
) -> None:
    page = api.get("receipts/", **parameters)

    assert [row["id"] for row in page["results"]] == [old]
    assert page["window"] is None


@pytest.mark.parametrize(
    "parameters",
    [
        {"kind": "status"},
        {"mode": "push"},
        {"channel": "wa-main", "status": "delivered"},
        {"occurred_before": (NOW + timedelta(days=1)).isoformat()},
    ],
)
def test_other_searches_look_at_the_last_month(
    api: Api, old: str, parameters: dict[str, str]
) -> None:
    page = api.get("receipts/", **parameters)

    assert page["results"] == []
    assert page["window"] is not None


def test_limited_token_that_searches_by_status_combines(
    as_token: Callable[..., Api], channel: Channel, old: str
) -> None:
    api = as_token("receipts:read", channels=(channel,))

    assert api.get("receipts/", status="delivered")["window"] is not None
    assert api.ids("receipts/", channel="wa-main") == [old]
    assert api.ids("receipts/") == [old]


def test_window_that_is_given_is_echoed(api: Api, old: str) -> None:
    after = (OLD - timedelta(days=1)).replace(microsecond=0)
    before = after + timedelta(days=31)

    page = api.get(
        "receipts/",
        received_after=after.isoformat(),
        received_before=before.isoformat(),
        kind="status",
    )

    assert [row["id"] for row in page["results"]] == [old]
    assert page["window"] == {"after": zulu(after), "before": zulu(before)}


def test_half_a_window_is_filled_up_to_31_days(api: Api, old: str) -> None:
    after = (OLD - timedelta(days=1)).replace(microsecond=0)

    page = api.get("receipts/", kind="status", received_after=zulu(after))

    assert [row["id"] for row in page["results"]] == [old]
    assert page["window"]["before"] == zulu(after + timedelta(days=31))
    page = api.get("receipts/", kind="status", received_before=zulu(after))
    assert page["window"]["after"] == zulu(after - timedelta(days=31))


def test_wider_window_is_refused_with_what_is_allowed(api: Api) -> None:
    problem = api.refused(
        400,
        "receipts/",
        kind="status",
        received_after="2026-01-01T00:00:00Z",
        received_before="2026-02-02T00:00:00Z",
    )

    (error,) = problem["errors"]
    assert error["parameter"] == "received_before"
    assert "2026-02-01T00:00:00Z" in error["detail"]


def test_span_by_id_may_be_as_wide_as_it_likes(api: Api, old: str) -> None:
    page = api.get("receipts/", message_id="old", received_after="2000-01-01T00:00:00Z")

    assert [row["id"] for row in page["results"]] == [old]
    assert page["window"] is None


def test_messages_count_their_window_on_the_last_receipt(
    api: Api, channel: Channel
) -> None:
    made = factories.make_message(channel, first_at=OLD, last_at=NOW)
    factories.make_message(channel, first_at=OLD, last_at=OLD)

    page = api.get("messages/", direction="mt")

    assert [row["id"] for row in page["results"]] == [str(made.pk)]


def zulu(at: datetime) -> str:
    """Return a time as answers write it."""
    return at.isoformat().replace("+00:00", "Z")
