"""What providers push is what the API shows: door, drain and API together."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from channels_cfg.models import Channel
from receipts import tokens
from receipts.models.api_token import Scope

PHONE = "8613800138678"
STATUS = {
    "MessageId": "m1",
    "Status": "Failed",
    "To": PHONE,
    "From": "8613100000000",
    "TaskId": f"promo-{PHONE}",
    "ErrorCode": "131026",
    "ErrorDescription": f"131026:{PHONE} is not reachable",
    "Timestamp": "1767323045000",
}
INBOUND = {
    "MessageId": "m2",
    "From": PHONE,
    "To": "8613100000000",
    "Type": "TEXT",
    "Name": "Maria Schmidt",
    "Message": "My number is +86 138 0013 8678",
    "Timestamp": "1767323046000",
}
LISTS = ("receipts/", "messages/", "conversations/", "callbacks/", "quarantine/")

Ask = Callable[..., Any]


@pytest.fixture
def ask(client: Client, channel: Channel) -> Ask:
    """GET a path with a token of these scopes."""
    made: dict[tuple[str, ...], str] = {}

    def do(path: str, *scopes: str, **parameters: str) -> Any:
        if scopes not in made:
            made[scopes] = tokens.make(f"token {len(made)}", scopes)[1]
        headers = {"Authorization": f"Bearer {made[scopes]}"}
        return client.get(f"/api/v1/{path}", parameters, headers=headers)

    return do


@pytest.fixture
def told(push: Callable[..., Any]) -> None:
    """A message that failed, an answer, and something unreadable."""
    push([STATUS, {"Status": f"Sent to {PHONE}"}])
    push([INBOUND], "mo_message")


def test_pushed_receipts_meet_in_one_timeline(ask: Ask, told: None) -> None:
    scopes = ("receipts:read", "pii:read")

    (person,) = ask("conversations/", *scopes, user=f"+{PHONE}").json()["results"]
    timeline = ask(f"conversations/{person['id']}/timeline/", *scopes).json()

    first, second = (entry["message"] for entry in timeline["results"])
    assert (first["message_id"], first["status"], first["direction"]) == (
        "m1",
        "failed",
        "mt",
    )
    assert first["error"]["code"] == "131026"
    assert (second["message_id"], second["status"]) == ("m2", "received")
    assert second["content"]["text"] == "My number is +86 138 0013 8678"
    assert person["messages"] == 2


def test_masked_reader_meets_no_number_anywhere(ask: Ask, told: None) -> None:
    paths = list(LISTS)
    for path in LISTS:
        rows = ask(path, "receipts:read").json()["results"]
        assert rows, path
        paths += [f"{path}{row['id']}/" for row in rows]
    (person,) = ask("conversations/", "receipts:read").json()["results"]
    paths += [f"conversations/{person['id']}/timeline/", "changes/", "templates/"]

    for path in paths:
        shown = ask(path, "receipts:read").content.decode()
        assert PHONE not in shown.replace(" ", ""), path
        assert "138 0013" not in shown, path
        assert "Maria" not in shown, path


def test_every_scope_alone_opens_only_its_own(ask: Ask, told: None) -> None:
    opened = {
        scope: {
            path
            for path in (*LISTS, "channels/")
            if ask(path, scope).status_code == 200
        }
        for scope in Scope.values
    }

    assert opened.pop(Scope.RECEIPTS_READ) == set(LISTS)
    assert opened.pop(Scope.CONFIG_READ) == {"channels/"}
    assert set().union(*opened.values()) == set()
