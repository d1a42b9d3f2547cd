"""The changes feed: nothing skipped, nothing twice."""

import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from channels_cfg.models import Channel
from receipts import feed
from receipts.api.views import changes
from receipts.models import Epoch, Receipt
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

SECONDS = float(os.environ.get("FEED_SECONDS", "3"))


def ids(page: Any) -> list[int]:
    """Return the primary keys of a page."""
    return [int(row["id"]) for row in page["results"]]


def test_follower_gets_receipts_in_the_order_of_their_writers(
    api: Api, channel: Channel
) -> None:
    made = [factories.make_receipt(channel, xid=xid) for xid in (3, 1, 2)]

    first = api.get("changes/", page_size=2)
    second = api.get("changes/", after=first["cursor"], page_size=2)
    third = api.get("changes/", after=second["cursor"])

    assert ids(first) + ids(second) == [made[1].pk, made[2].pk, made[0].pk]
    assert third["results"] == []
    assert third["cursor"]


def test_receipt_of_a_running_transaction_is_not_yet_given(
    api: Api, channel: Channel
) -> None:
    late = factories.make_receipt(channel, xid=2**62)

    page = api.get("changes/")

    assert page["results"] == []
    Receipt.objects.filter(pk=late.pk).update(xid=1)
    assert ids(api.get("changes/")) == [late.pk]


def test_few_among_many_are_found_without_reading_on_for_ever(
    api: Api, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.make_channel("other")
    monkeypatch.setattr(feed, "SCANNED_AT_ONCE", 3)
    for number in range(20):
        factories.make_receipt(other if number in (4, 5, 19) else channel)

    page = api.get("changes/", channel="other", kind="status")
    monkeypatch.setattr(feed, "SCANNED_FOR_S", -1)
    first = api.get("changes/", channel="other")
    second = api.get("changes/", channel="other", after=first["cursor"])

    assert len(page["results"]) == 3
    assert (len(first["results"]), len(second["results"])) == (0, 2)


def test_limited_token_follows_its_own_channels(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    factories.make_receipt(factories.make_channel("other"))
    own = factories.make_receipt(channel)
    api = as_token("receipts:read", channels=(channel,))

    assert ids(api.get("changes/")) == [own.pk]
    assert ids(api.get("changes/", channel="other")) == []


@pytest.mark.parametrize("after", ["", "x", "x:y", "W10:y", "é"])
def test_made_up_cursor_is_a_bad_parameter(api: Api, after: str) -> None:
    problem = api.refused(400, "changes/", after=after)

    assert problem["errors"][0]["parameter"] == "after"


def test_cursor_of_another_database_is_gone(api: Api) -> None:
    cursor = api.get("changes/")["cursor"]

    Epoch.objects.update(name=uuid.uuid4())

    api.refused(410, "changes/", after=cursor)


def test_cursor_that_another_key_signed_is_gone(api: Api) -> None:
    cursor = api.get("changes/")["cursor"]

    api.refused(410, "changes/", after=cursor[:-3] + "xyz")


def test_cursor_older_than_what_is_kept_is_gone(api: Api, channel: Channel) -> None:
    old = timezone.now() - timedelta(days=500)
    factories.make_receipt(channel, stored_at=old)
    cursor = api.get("changes/", page_size=1)["cursor"]

    api.refused(410, "changes/", after=cursor)


@pytest.mark.parametrize(
    "parameters",
    [{"wait": "26"}, {"wait": "x"}, {"kind": "x"}, {"page_size": "201"}, {"x": "1"}],
)
def test_bad_parameter_is_named(api: Api, parameters: dict[str, str]) -> None:
    problem = api.refused(400, "changes/", **parameters)

    assert [error["parameter"] for error in problem["errors"]] == list(parameters)


@pytest.fixture
def no_places() -> Iterator[None]:
    """All places for waiting are taken."""
    while changes._waiting.acquire(blocking=False):
        pass
    yield
    changes._waiting = threading.BoundedSemaphore(2)


def test_follower_is_answered_at_once_when_enough_others_wait(
    api: Api, no_places: None
) -> None:
    started = time.monotonic()

    page = api.get("changes/", wait=25)

    assert page["results"] == []
    assert time.monotonic() - started < 5


@pytest.mark.django_db(transaction=True)
def test_waiting_follower_gets_what_comes() -> None:
    channel = factories.make_channel()
    api = Api(factories.make_token())
    cursor = api.get("changes/")["cursor"]
    writer = threading.Timer(0.7, write, [channel, 1])
    writer.start()

    page = api.get("changes/", after=cursor, wait=20)

    writer.join()
    assert page["results"]


def write(channel: Channel, seed: int, until: float = 0.0) -> None:
    """Write receipts in transactions that commit out of order."""
    chance = random.Random(seed)
    try:
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()::text::bigint")
                xid = cursor.fetchone()[0]
                for _ in range(chance.randint(1, 4)):
                    factories.make_receipt(channel, xid=xid)
                    time.sleep(chance.random() / 50)
            if time.monotonic() >= until:
                return
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_follower_of_two_writers_misses_nothing_and_sees_nothing_twice() -> None:
    channel = factories.make_channel()
    api = Api(factories.make_token())
    until = time.monotonic() + SECONDS
    writers = [
        threading.Thread(target=write, args=[channel, seed, until]) for seed in (1, 2)
    ]
    for writer in writers:
        writer.start()

    seen = follow(api, writers)

    assert len(seen) == len(set(seen)) > 50
    assert set(seen) == set(Receipt.objects.values_list("pk", flat=True))


def follow(api: Api, writers: list[threading.Thread]) -> list[int]:
    """Follow the feed until the writers are done and all they wrote was given."""
    seen: list[int] = []
    parameters: dict[str, object] = {}
    # Transactions of other databases of the server may hold the feed back.
    give_up = time.monotonic() + SECONDS + 60
    while time.monotonic() < give_up:
        page = api.get("changes/", page_size=7, **parameters)
        seen += ids(page)
        parameters = {"after": page["cursor"]}
        is_quiet = not any(writer.is_alive() for writer in writers)
        if is_quiet and len(seen) >= Receipt.objects.count():
            break
    return seen
