"""The vendor's packages, the client and the stand-in agree with one another."""

import pytest

from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_signing import (
    Credential,
    canonical_query,
    queue_authorization,
    rpc_authorization,
)
from channels_cfg.pulling import QueueAddress
from tests.smq import official
from tests.smq.server import QUEUE, SmqServer

BODIES = [b'{"MessageId":"%d"}' % number for number in range(50)]
KEY = Credential("STS.key", "sécret/+=", "token")

# The vendor's package calls this on Python 3.12 and later; there is no other way in it.
pytestmark = pytest.mark.filterwarnings("ignore:.*utcnow:DeprecationWarning")


def drain(queue: official.Queue) -> list[bytes]:
    bodies: list[bytes] = []
    while True:
        try:
            batch = queue.batch_receive_message(16, 0)
        except official.ServerError:  # that is how it says "empty"
            return bodies
        bodies += [message.message_body for message in batch]
        queue.batch_delete_message([message.receipt_handle for message in batch])


def test_official_packages_drain_the_stand_in(
    smq: SmqServer, address: QueueAddress
) -> None:
    smq.service.put_many(QUEUE, BODIES)

    with official.queue(address, official.ask_token(address)) as queue:
        bodies = drain(queue)

    assert sorted(bodies) == sorted(BODIES)
    assert len(smq.service.queue(QUEUE)) == 0


def test_client_drains_the_stand_in(smq: SmqServer, client: QueueClient) -> None:
    smq.service.put_many(QUEUE, BODIES)

    bodies: list[bytes] = []
    while batch := client.receive(0):
        bodies += [message.body for message in batch]
        assert client.delete([message.receipt_handle for message in batch]) == []

    assert sorted(bodies) == sorted(BODIES)
    assert len(smq.service.queue(QUEUE)) == 0


def test_message_received_by_one_is_deleted_by_the_other(
    smq: SmqServer, address: QueueAddress, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, BODIES[:2])
    handles = [message.receipt_handle for message in client.receive(0)]

    with official.queue(address, official.ask_token(address)) as queue:
        renewed = queue.change_message_visibility(handles[0], 60)
        queue.delete_message(handles[1])

    assert client.delete([renewed.receipt_handle]) == []
    assert len(smq.service.queue(QUEUE)) == 0


def test_official_package_reads_errors_of_the_stand_in(
    smq: SmqServer, address: QueueAddress, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, BODIES[:2])
    handles = [message.receipt_handle for message in client.receive(0)]
    client.delete(handles[:1])

    with (
        official.queue(address, official.ask_token(address)) as queue,
        pytest.raises(official.ServerError) as raised,
    ):
        queue.batch_delete_message(handles)

    (failed,) = vars(raised.value)["sub_errors"]
    assert failed["ReceiptHandle"] == handles[0]
    assert failed["ErrorCode"] == "MessageNotExist"


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/queues/q/messages?numOfMessages=16&waitseconds=30", {}),
        ("PUT", "/queues/q/messages?ReceiptHandle=1-+/8=&VisibilityTimeout=5", {}),
        ("DELETE", "/queues/q/messages", {"content-type": "text/xml;charset=UTF-8"}),
        ("GET", "/queues/q/messages", {"x-mns-z": "1", "x-mns-a": "2", "host": "h"}),
    ],
)
def test_queue_signature_is_that_of_the_official_package(
    method: str, target: str, headers: dict[str, str]
) -> None:
    headers |= {"date": "Sat, 21 Nov 2026 04:00:00 GMT", "x-mns-version": "2015-06-06"}

    ours = queue_authorization(KEY, headers, method=method, target=target)

    assert ours == official.queue_signature(KEY, headers, method=method, target=target)


@pytest.mark.parametrize(
    "parameters",
    [
        {"MessageType": "ChatAppStatus", "QueueName": "Alicom-Queue-1-ChatAppStatus"},
        {"QueueName": "a b+c/d~e*f%g=h&i", "MessageType": "模板"},
    ],
)
def test_token_signature_is_that_of_the_official_package(
    parameters: dict[str, str],
) -> None:
    headers = {
        "x-acs-content-sha256": "0" * 64,
        "host": "127.0.0.1:8790",
        "x-acs-action": "QueryTokenForMnsQueue",
        "x-acs-date": "2026-11-21T04:00:00Z",
    }

    ours = rpc_authorization(KEY, headers, query=canonical_query(parameters))

    assert ours == official.rpc_signature(KEY, headers, parameters)
