"""Fixtures for everything that pulls a queue."""

from collections.abc import Iterator

import pytest

from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_issue import token_source
from channels_cfg.pulling import QueueAddress
from channels_cfg.wire import ReceiptType
from tests.smq.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, QUEUE, SmqServer


@pytest.fixture
def smq() -> Iterator[SmqServer]:
    with SmqServer() as server:
        server.service.queue(QUEUE)
        yield server


@pytest.fixture
def address(smq: SmqServer) -> QueueAddress:
    return QueueAddress(
        token_endpoint=smq.url,
        queue_endpoint=smq.url,
        queue_name=QUEUE,
        receipt_type=ReceiptType.MT_STATUS,
        access_key_id=ACCESS_KEY_ID,
        access_key_secrets=(ACCESS_KEY_SECRET,),
    )


@pytest.fixture
def client(address: QueueAddress) -> Iterator[QueueClient]:
    with QueueClient(address, token_source(address)) as client:
        yield client
