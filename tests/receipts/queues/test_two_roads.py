"""Queue and push at once, one queue of several channels: every receipt once."""

import json

import pytest
from django.test import Client

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from receipts.intake.routes import known_routes
from receipts.models import Receipt, Sighting
from receipts.processing.drain import drain
from receipts.queues.once import pull_once
from tests.receipts.queues.conftest import make_queue, status
from tests.smq.server import QUEUE, SmqServer

FIRST, SECOND = "8613100000001", "8613100000002"


@pytest.fixture
def shared(transactional_db: None, smq: SmqServer) -> list[ProviderQueue]:
    """Two channels of one account that name one queue, each with a callback path."""
    queues = [
        make_queue(smq, "wa-first", address=FIRST),
        make_queue(smq, "wa-second", address=SECOND),
    ]
    for queue in queues:
        CallbackPath.objects.create(
            channel=queue.channel, receipt_type="mt_status", path=queue.channel.key
        )
    known_routes.load()
    return queues


def push(client: Client, channel: Channel, body: bytes) -> None:
    answer = client.post(f"/callbacks/{channel.key}", body, "application/json")
    assert answer.status_code == 200, answer.content


def test_receipts_of_a_shared_queue_find_their_channel(
    smq: SmqServer, shared: list[ProviderQueue]
) -> None:
    smq.service.put_many(QUEUE, [status("a", sender=FIRST), status("b", sender=SECOND)])

    list(pull_once())
    drain()

    found = dict(Receipt.objects.values_list("message_id", "channel__key"))
    assert found == {"a": "wa-first", "b": "wa-second"}


def audit(account: str) -> bytes:
    item = {"WabaId": account, "TemplateCode": f"t{account}", "AuditStatus": "pass"}
    return json.dumps(item).encode()


def test_reviews_of_a_shared_queue_find_their_channel_by_account(
    smq: SmqServer, shared: list[ProviderQueue]
) -> None:
    for number, queue in enumerate(shared, 1):
        queue.receipt_type = "template_audit"
        queue.save()
        queue.channel.account = {"waba_id": str(number)}
        queue.channel.save()
    smq.service.put_many(QUEUE, [audit("1"), audit("2"), audit("3")])

    list(pull_once())
    drain()

    found = dict(Receipt.objects.values_list("template_code", "channel__key"))
    assert found == {"t1": "wa-first", "t2": "wa-second", "t3": "wa-first"}
    flagged = [each.template_code for each in Receipt.objects.all() if each.flags]
    assert flagged == ["t3"]


@pytest.mark.parametrize("is_push_first", [True, False])
def test_receipt_by_both_roads_is_one_seen_by_both(
    smq: SmqServer,
    shared: list[ProviderQueue],
    client: Client,
    *,
    is_push_first: bool,
) -> None:
    body = status("b", sender=SECOND)
    smq.service.put_many(QUEUE, [body])
    pushed = json.dumps([json.loads(body)]).encode()
    if is_push_first:
        push(client, shared[1].channel, pushed)
    list(pull_once())
    drain()
    if not is_push_first:
        push(client, shared[1].channel, pushed)
        drain()

    receipt, sighting = Receipt.objects.get(), Sighting.objects.get()
    assert receipt.channel.key == "wa-second"
    assert {receipt.mode, sighting.mode} == {"push", "queue"}
    assert sighting.receipt_id == receipt.pk
