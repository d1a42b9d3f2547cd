"""Channels, pushes through the real door, and drains."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from channels_cfg.models import CallbackPath, Channel
from receipts.intake import keeping, routes
from receipts.models import Callback
from receipts.processing.drain import drain

Push = Callable[..., Callback]


@pytest.fixture(autouse=True)
def patient_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the door wait for a database that other tests keep busy."""
    monkeypatch.setattr(keeping, "DATABASE_S", 30.0)
    monkeypatch.setattr(routes, "MISS_S", 30.0)


@pytest.fixture
def channel(transactional_db: None) -> Channel:
    """A WhatsApp channel of CAMS with its three callback paths."""
    made = Channel.objects.create(
        key="wa-main", name="WhatsApp main", provider="cams", type="whatsapp"
    )
    for receipt_type in ("mt_status", "mo_message", "template_audit"):
        CallbackPath.objects.create(
            channel=made, receipt_type=receipt_type, path=f"wa-main/{receipt_type}"
        )
    return made


@pytest.fixture
def push(client: Client, channel: Channel) -> Push:
    """Push a body through the door and drain it; returns the callback."""

    def do(
        body: object, receipt_type: str = "mt_status", *, drained: bool = True
    ) -> Callback:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = f"/callbacks/{channel.key}/{receipt_type}"
        answer = client.post(path, raw, content_type="application/json")
        assert answer.status_code == 200, answer.content
        if drained:
            drain()
        return Callback.objects.latest("received_at")

    return do
