"""Channels from memory, as the drain reads items with them."""

from django.test import Client

from channels_cfg.models import CallbackPath, Channel
from receipts.intake.routes import known_routes
from receipts.models import Callback, Receipt
from receipts.processing.drain import drain
from tests.receipts.conftest import Push


def test_push_to_a_channel_that_was_just_made_is_read_at_the_first_attempt(
    push: Push, client: Client
) -> None:
    push([{"MessageId": "a", "Status": "Sent"}])  # the channels are in memory now
    new = Channel.objects.create(key="new", name="New", provider="cams", type="viber")
    CallbackPath.objects.create(channel=new, receipt_type="any", path="new")
    known_routes.load()

    item = b'{"MessageId": "b", "Status": "Sent"}'
    answer = client.post("/callbacks/new", item, content_type="application/json")
    drain()

    assert answer.status_code == 200
    assert Receipt.objects.filter(channel=new, message_id="b").exists()
    assert Callback.objects.get(channel=new).attempts == 1
