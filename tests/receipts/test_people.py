"""One person under many names, from the door to the API."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel
from receipts import tokens
from receipts.processing.drain import drain

PHONE, BSUID = "+6512345678", "SG.13491208655302741918"
BOTH = {"msisdn": PHONE, "channelUserId": BSUID}
AT = timezone.now().replace(microsecond=0) - timedelta(days=1)

Tell = Callable[..., None]
Get = Callable[..., Any]


def event(
    about: str, user: Mapping[str, str], *, leg: str, more: Mapping[str, object]
) -> dict[str, object]:
    """Return a receipt, if ``more`` has a status, or else an inbound message."""
    payload = {"umid": about, "subAccountId": "hq", "user": user, **more}
    if "status" in more:
        status = {"state": more["status"], "timestamp": AT.isoformat()}
        payload |= {"channel": leg, "status": status}
        name = "outbound_message_status_changed"
    else:
        payload |= {"recipient": {"channel": leg}, "timestamp": AT.isoformat()}
        name = "inbound_message_received"
    return {"namespace": "ChatApps", "eventType": name, "payload": payload}


@pytest.fixture
def tell(client: Client, transactional_db: None) -> Tell:
    """Push one 8x8 event about a message to the channel, and drain it."""
    asia = Channel.objects.create(key="asia", name="Asia", provider="8x8", type="multi")
    CallbackPath.objects.create(channel=asia, receipt_type="any", path="asia")

    def do(
        about: str, user: Mapping[str, str], leg: str = "whatsapp", **more: object
    ) -> None:
        body = json.dumps(event(about, user, leg=leg, more=more))
        answer = client.post("/callbacks/asia", body, "application/json")
        assert answer.status_code == 200
        drain()

    return do


@pytest.fixture
def get(client: Client, transactional_db: None) -> Get:
    """GET a path of the API and return its JSON."""
    _, token = tokens.make("reader", ["receipts:read", "pii:read"])

    def do(path: str, **parameters: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return client.get(f"/api/v1/{path}", parameters, headers=headers).json()

    return do


def found(get: Get, user: str) -> list[str]:
    return [row["id"] for row in get("conversations/", user=user)["results"]]


def test_receipts_of_one_message_with_different_names_meet(
    tell: Tell, get: Get
) -> None:
    tell("u1", {"msisdn": PHONE}, status="queued")
    tell("u1", BOTH, status="delivered")
    tell("u1", {"channelUserId": BSUID}, status="read")

    (conversation,) = get("conversations/")["results"]
    assert conversation["user"]["phone"] == PHONE
    assert conversation["user"]["user_id"] == BSUID
    assert found(get, PHONE) == found(get, BSUID) == [conversation["id"]]


def test_two_conversations_that_are_one_person_are_merged_and_nothing_is_lost(
    tell: Tell, get: Get
) -> None:
    tell("u1", {"msisdn": PHONE}, type="Text", content={"text": "from my number"})
    tell("u2", {"channelUserId": BSUID}, type="Text", content={"text": "hidden"})
    old, new = found(get, PHONE) + found(get, BSUID)
    assert old != new

    tell("u3", BOTH, status="sent")

    (one,) = get("conversations/")["results"]
    assert one["messages"] == 3
    assert {get(f"conversations/{each}/")["id"] for each in (old, new)} == {old}
    assert len(get(f"conversations/{new}/timeline/")["results"]) == 3


def test_people_meet_neither_across_channel_types_nor_by_user_name(
    tell: Tell, get: Get
) -> None:
    tell("u1", {"msisdn": PHONE, "username": "jane"}, status="sent")
    tell("u2", {"msisdn": PHONE, "username": "jane"}, "viber", status="sent")
    tell("u3", {"msisdn": "+6587654321", "username": "jane"}, status="sent")

    assert len(found(get, PHONE)) == 2
    assert len(found(get, "@jane")) == 3


def test_person_without_any_number_has_a_conversation(tell: Tell, get: Get) -> None:
    line = "Ua12b345678c1de0fa1a1234567891011"
    tell("u1", {"channelUserId": line}, "line", status="sent")
    tell("u2", {"channelUserId": line}, "line", type="Text", content={"text": "hi"})

    (conversation,) = get("conversations/", user=line)["results"]
    assert conversation["messages"] == 2
    assert conversation["user"]["phone"] is None


def test_message_about_nobody_is_kept_without_a_conversation(
    tell: Tell, get: Get
) -> None:
    tell("u1", {}, status="sent")

    (message,) = get("messages/", message_id="u1")["results"]
    assert (message["status"], message["conversation"]) == ("sent", None)


def test_masked_numbers_that_differ_are_different_people(tell: Tell, get: Get) -> None:
    tell("u1", {"msisdn": "+6512****78"}, status="sent")
    tell("u2", {"msisdn": "+6512****79"}, status="sent")

    (conversation,) = get("conversations/", user="+6512****78")["results"]
    assert conversation["user"]["phone"] == "+6512****78"
    assert len(get("conversations/")["results"]) == 2


def test_windows_and_ends_are_told_with_each_message(tell: Tell, get: Get) -> None:
    tell("u1", BOTH, status="delivered")
    tell("u2", {"channelUserId": "U1"}, "line", status="sent")
    tell("u3", BOTH, type="Image", content={"url": "https://files.example.com/1"})

    sent, line, image = (
        get("messages/", message_id=each)["results"][0] for each in ("u1", "u2", "u3")
    )
    assert sent["read_window_closes_at"] == _z(AT + timedelta(days=10))
    assert (sent["ceiling"], line["ceiling"]) == ("read", "sent")
    assert image["content"]["media"]["expires_at"] == _z(AT + timedelta(hours=24))


def _z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
