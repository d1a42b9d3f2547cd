"""Pages: keyset cursors, both ways, bound to their list."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from channels_cfg.models import Channel
from receipts.models import Receipt
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

NOW = timezone.now()


def some(channel: Channel, count: int) -> list[str]:
    """Make receipts, some of the same instant; return their ids, newest first."""
    made = [
        factories.receipt(channel, received_at=NOW - timedelta(minutes=number // 3))
        for number in range(count)
    ]
    Receipt.objects.bulk_create(made)
    made.sort(key=lambda row: (row.received_at, row.pk), reverse=True)
    return [str(row.pk) for row in made]


@pytest.mark.parametrize("ordering", ["-received_at", "received_at"])
@pytest.mark.parametrize("parameters", [{}, {"kind": "status"}])
def test_pages_forth_and_back_give_each_receipt_once(
    api: Api, channel: Channel, ordering: str, parameters: dict[str, str]
) -> None:
    ids = some(channel, 11)
    ids = ids if ordering.startswith("-") else ids[::-1]

    pages = [api.get("receipts/", page_size=4, ordering=ordering, **parameters)]
    while pages[-1]["next"]:
        pages.append(api.follow(pages[-1]["next"]))
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(api.follow(back[-1]["previous"]))

    assert [row["id"] for page in pages for row in page["results"]] == ids
    assert [row["id"] for page in back[::-1] for row in page["results"]] == ids
    assert back[-1]["previous"] is None
    assert back[-1]["next"] is not None


def test_pages_stay_in_place_while_receipts_arrive(api: Api, channel: Channel) -> None:
    ids = some(channel, 6)
    first = api.get("receipts/", page_size=3)

    new = factories.make_receipt(channel, received_at=NOW + timedelta(seconds=1))
    second = api.follow(first["next"])

    assert [row["id"] for row in second["results"]] == ids[3:]
    again = api.follow(second["previous"])
    assert again["previous"] is not None
    assert api.follow(again["previous"])["results"][0]["id"] == str(new.pk)


def test_links_begin_with_the_public_address(
    api: Api, channel: Channel, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "https://portal.example"
    some(channel, 2)

    page = api.get("receipts/", page_size=1)

    assert page["next"].startswith(
        "https://portal.example/api/v1/receipts/?page_size=1"
    )


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("receipts/", {"kind": "status"}),
        ("receipts/", {"ordering": "received_at"}),
        ("messages/", {}),
    ],
)
def test_cursor_of_another_list_is_refused(
    api: Api, channel: Channel, path: str, parameters: dict[str, str]
) -> None:
    some(channel, 2)
    cursor = api.get("receipts/", page_size=1)["next"].rpartition("cursor=")[2]

    problem = api.refused(400, path, cursor=cursor, **parameters)

    assert problem["type"].endswith("/problems/invalid-cursor/")


@pytest.mark.parametrize("cursor", ["", "x", "WyIyMDI2Il0:x", "\x00", "é"])
def test_made_up_cursor_is_refused(api: Api, cursor: str) -> None:
    assert api.refused(400, "receipts/", cursor=cursor)["status"] == 400


@pytest.mark.parametrize("size", ["0", "201", "-1", "x", "1.5", "", "٣", "9" * 30])
def test_page_size_out_of_bounds_is_refused(api: Api, size: str) -> None:
    problem = api.refused(400, "receipts/", page_size=size)

    assert problem["errors"][0]["parameter"] == "page_size"


def test_page_size_may_change_on_the_way(api: Api, channel: Channel) -> None:
    ids = some(channel, 5)
    page = api.get("receipts/", page_size=2)

    rest = api.follow(page["next"].replace("page_size=2", "page_size=200"))

    assert [row["id"] for row in rest["results"]] == ids[2:]


def test_default_window_stays_the_same_through_the_pages(
    api: Api, channel: Channel
) -> None:
    some(channel, 4)
    first = api.get("receipts/", kind="status", page_size=2)

    second = api.follow(first["next"])

    assert second["window"] == first["window"]
    before, after = (
        datetime.fromisoformat(first["window"][name]) for name in ("before", "after")
    )
    assert before - after == timedelta(days=31)
    assert abs(before - datetime.now(UTC)) < timedelta(minutes=1)
