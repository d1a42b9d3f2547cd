"""Callbacks and the quarantine as the API shows them."""

import json
from collections.abc import Callable

import pytest
from django.utils import timezone

from channels_cfg.models import Channel
from receipts import shapes
from receipts.ids import uuid7
from receipts.models import AccessRecord, QuarantinedItem
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api


def make_item(channel: Channel, item: bytes = b"{}", **values: object) -> str:
    """Quarantine an item; returns its id."""
    now = timezone.now()
    given: dict[str, object] = {
        "callback_id": uuid7(now),
        "received_at": now,
        "position": 0,
        "reason": "no id of +8613800138678",
        "cause": "no id",
        "created_at": now,
    }
    made = QuarantinedItem.objects.create(
        channel=channel, item=item, **{**given, **values}
    )
    return str(made.pk)


def test_callback_tells_what_came_of_it(api: Api, channel: Channel) -> None:
    made = factories.make_callback(channel, b"[1,2]", items=2, new=1, quarantined=1)

    (shown,) = api.get("callbacks/", state="done", mode="push")["results"]

    assert set(shown) == set(shapes.Callback.__struct_fields__)
    assert (shown["id"], shown["bytes"], shown["items"]) == (str(made.pk), 5, 2)
    assert api.get(f"callbacks/{made.pk}/") == shown


@pytest.mark.parametrize(
    "pk",
    [
        "x",
        "1",
        "00000000-0000-0000-0000-000000000000",
        "f" * 32,
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ],
)
def test_callback_that_is_not_there_is_not_found(api: Api, pk: str) -> None:
    api.refused(404, f"callbacks/{pk}/")
    api.refused(404, f"callbacks/{pk}/raw")


def test_raw_callback_is_the_bytes_as_they_came_and_on_record(
    api: Api, channel: Channel
) -> None:
    body = b'\xff\x00{"not": utf-8}'
    made = factories.make_callback(channel, body)

    answer = api.ask(f"callbacks/{made.pk}/raw")

    assert answer.content == body
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AccessRecord.objects.get().subject == str(made.pk)


@pytest.mark.parametrize("missing", ["raw:read", "pii:read"])
def test_raw_callback_needs_both_scopes(
    as_token: Callable[..., Api], channel: Channel, missing: str
) -> None:
    made = factories.make_callback(channel)
    scopes = {"receipts:read", "raw:read", "pii:read"} - {missing}

    problem = as_token(*scopes).refused(403, f"callbacks/{made.pk}/raw")

    assert problem["scopes"] == [missing]


def test_raw_callback_with_items_of_other_channels_is_refused(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    other = factories.make_channel("other")
    made = factories.make_callback(channel, other_channels=[other.pk])
    scopes = ("receipts:read", "raw:read", "pii:read")

    as_token(*scopes, channels=(channel,)).refused(403, f"callbacks/{made.pk}/raw")
    as_token(*scopes, channels=(other,)).refused(404, f"callbacks/{made.pk}/raw")
    assert as_token(*scopes).ask(f"callbacks/{made.pk}/raw").status_code == 200


def test_quarantined_item_is_shown_to_those_who_may_see_it(
    api: Api, as_token: Callable[..., Api], channel: Channel
) -> None:
    pk = make_item(channel, b'{"a":"\xff"}')

    clear = api.get(f"quarantine/{pk}/")
    masked = as_token("receipts:read", "raw:read").get(f"quarantine/{pk}/")

    assert set(clear) == set(shapes.QuarantinedItem.__struct_fields__)
    assert clear["item"] == '{"a":"\ufffd"}'
    assert "item" not in masked
    assert "8613800138678" not in masked["reason"]


def test_list_of_quarantine_leaves_out_what_is_large(
    api: Api, channel: Channel
) -> None:
    pk = make_item(channel, b"x" * 70_000)

    (listed,) = api.get("quarantine/", state="open", channel="wa-main")["results"]

    assert listed["item"] is None
    assert len(api.get(f"quarantine/{pk}/")["item"]) == 70_000


def test_quarantine_of_other_channels_is_not_there(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    pk = make_item(factories.make_channel("other"))
    api = as_token("receipts:read", "replay:write", channels=(channel,))

    assert api.ids("quarantine/") == []
    api.refused(404, f"quarantine/{pk}/")
    assert api.post(f"quarantine/{pk}/replay/").status_code == 404


def test_replay_needs_its_scope(as_token: Callable[..., Api], channel: Channel) -> None:
    answer = as_token("receipts:read").post(f"quarantine/{make_item(channel)}/replay/")

    assert answer.status_code == 403
    assert answer.json()["scopes"] == ["replay:write"]


def quarantine_all_of(channel: Channel, *items: dict[str, str]) -> list[str]:
    """Keep a callback whose items nobody could read; returns the ids of these."""
    callback = factories.make_callback(
        channel, json.dumps(items).encode(), state="partly"
    )
    return [
        make_item(
            channel,
            callback_id=callback.pk,
            received_at=callback.received_at,
            position=position,
        )
        for position in range(len(items))
    ]


def test_replay_reads_an_item_again_and_twice_gives_the_same(
    api: Api, channel: Channel
) -> None:
    good = {"MessageId": "m1", "Status": "Delivered", "To": "8613800138678"}
    ids = quarantine_all_of(channel, good, {"Status": "Delivered"})

    answers = [api.post(f"quarantine/{pk}/replay/").json() for pk in ids * 2]

    read = {"receipts": 1, "duplicates": 0, "quarantined": 0}
    unread = {"receipts": 0, "duplicates": 0, "quarantined": 1}
    assert answers == [read, unread, read, unread]
    assert len(api.ids("receipts/", message_id="m1")) == 1
    states = [api.get(f"quarantine/{pk}/")["state"] for pk in ids]
    assert states == ["replayed", "open"]


def test_replay_of_what_is_no_longer_kept_is_a_problem(
    api: Api, channel: Channel
) -> None:
    answer = api.post(f"quarantine/{make_item(channel)}/replay/")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
