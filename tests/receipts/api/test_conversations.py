"""Conversations and their timelines."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from channels_cfg import registry
from channels_cfg.models import Channel
from receipts import shapes
from receipts.models import Conversation, MessageReference
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def at(minute: int) -> datetime:
    """Return a time of the tests' timeline."""
    return AT + timedelta(minutes=minute)


@pytest.fixture
def person(channel: Channel) -> Conversation:
    """A person known by three identities."""
    return factories.make_conversation(
        channel,
        ("phone", "8613800138678"),
        ("channel_user_id", "U123456"),
        ("username", "maria.s"),
        last_inbound_at=AT,
    )


def test_conversation_has_every_field_of_its_shape(
    api: Api, person: Conversation
) -> None:
    shown = api.get(f"conversations/{person.pk}/")

    assert set(shown) == set(shapes.Conversation.__struct_fields__)
    assert shown["user"] == {
        "phone": "+8613800138678",
        "user_id": "U123456",
        "parent_user_id": None,
        "username": "maria.s",
    }
    assert shown["identities"][0] == {"kind": "phone", "value": "+8613800138678"}


def test_service_window_ends_so_long_after_the_persons_message(
    api: Api, person: Conversation
) -> None:
    shown = api.get(f"conversations/{person.pk}/")

    span = registry.adapter("cams").limits.service_window["whatsapp"]
    assert datetime.fromisoformat(shown["window_closes_at"]) == AT + span


def test_merged_conversation_answers_with_the_survivor(
    api: Api, channel: Channel, person: Conversation
) -> None:
    merged = factories.make_conversation(
        channel, ("user_id", "CN.99"), merged_into=person
    )

    shown = api.get(f"conversations/{merged.pk}/")

    assert shown["id"] == str(person.pk)
    assert shown["user"]["user_id"] == "CN.99"
    assert api.ids("conversations/") == [str(person.pk)]
    assert api.ids("conversations/", user="CN.99") == [str(person.pk)]


def test_conversations_are_masked_and_kept_apart_by_channel(
    as_token: Callable[..., Api], person: Conversation
) -> None:
    other = factories.make_channel("other")
    api = as_token("receipts:read")
    stranger = as_token("receipts:read", channels=(other,))

    shown = api.get(f"conversations/{person.pk}/")

    assert "8613800138678" not in str(shown)
    stranger.refused(404, f"conversations/{person.pk}/")
    stranger.refused(404, f"conversations/{person.pk}/timeline/")
    assert stranger.ids("conversations/", user="8613800138678") == []


@pytest.fixture
def told(channel: Channel, person: Conversation) -> list[tuple[str, str]]:
    """A timeline over a merged conversation; returns (kind, id) in order."""
    merged = factories.make_conversation(channel, merged_into=person)
    elsewhere = factories.make_conversation(channel)
    first = factories.make_message(channel, conversation_id=person.pk, first_at=at(1))
    left = factories.make_receipt(
        channel,
        kind="subscription",
        status=None,
        conversation_id=merged.pk,
        claimed_at=at(1),
        received_at=at(9),
    )
    second = factories.make_message(channel, conversation_id=merged.pk, first_at=at(2))
    leg = factories.make_message(channel, conversation_id=elsewhere.pk)
    MessageReference.objects.create(message=leg, conversation_id=person.pk, at=at(3))
    factories.make_receipt(channel, conversation_id=person.pk, received_at=at(4))
    seen = factories.make_receipt(
        channel,
        kind="account",
        message_id=None,
        conversation_id=person.pk,
        received_at=at(5),
    )
    messages = [("message", str(row.pk)) for row in (first, second, leg)]
    events = [("event", str(row.pk)) for row in (left, seen)]
    return [messages[0], events[0], messages[1], messages[2], events[1]]


def entries(page: Any) -> list[tuple[str, str]]:
    """Return (kind, id) of a page of a timeline."""
    return [
        (row["kind"], (row["message"] or row["receipt"])["id"])
        for row in page["results"]
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 200])
@pytest.mark.parametrize("ordering", ["at", "-at"])
def test_timeline_merges_messages_and_events(
    api: Api,
    person: Conversation,
    told: list[tuple[str, str]],
    size: int,
    ordering: str,
) -> None:
    path = f"conversations/{person.pk}/timeline/"

    pages = [api.get(path, page_size=size, ordering=ordering)]
    while pages[-1]["next"]:
        pages.append(api.follow(pages[-1]["next"]))
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(api.follow(back[-1]["previous"]))

    expected = told if ordering == "at" else told[::-1]
    assert [entry for page in pages for entry in entries(page)] == expected
    assert [entry for page in back[::-1] for entry in entries(page)] == expected


def test_page_of_conversations_costs_the_same_however_long(
    api: Api, channel: Channel, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        factories.make_conversation(channel, ("phone", f"86138{number:08}"))

    with django_assert_max_num_queries(12):
        assert len(api.ids("conversations/", page_size=200)) == 40
