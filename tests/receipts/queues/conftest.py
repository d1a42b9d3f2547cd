"""The stand-in for the provider's queue, and channels that pull it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection

from channels_cfg.models import BusinessAddress, Channel, ProviderQueue, QueueAccount
from channels_cfg.secrets import Hidden
from channels_cfg.wire import ReceiptType
from receipts.ids import uuid7
from receipts.models import Callback
from receipts.processing import directory
from receipts.queues import consumer as process
from receipts.queues import puller
from receipts.queues.consumer import Consumer
from tests.smq.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, QUEUE, SmqServer

Start = Callable[[], Consumer]
Run = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def fresh_directory() -> Iterator[None]:
    """Let no test read with another one's channels."""
    yield
    directory.forget()


@pytest.fixture
def smq() -> Iterator[SmqServer]:
    with SmqServer() as server:
        server.service.queue(QUEUE)
        yield server


@pytest.fixture
def queue(transactional_db: None, smq: SmqServer) -> ProviderQueue:
    """A queue of status receipts of one WhatsApp channel."""
    return make_queue(smq, "wa-main")


@pytest.fixture
def start(smq: SmqServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a consumer in this process, quick to look; it ends with the test."""
    monkeypatch.setattr(process, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(puller, "WAIT_S", 1)
    monkeypatch.setattr(puller, "EARLY_S", 0.5)
    monkeypatch.setattr(puller, "TAKE_AGAIN_S", 0.1)
    monkeypatch.setattr(puller, "LOOK_FOR_RETRY_S", 0.1)
    started: list[Consumer] = []

    def do() -> Consumer:
        started.append(Consumer())
        started[-1].start()
        return started[-1]

    yield do
    smq.service.close()  # no long poll holds up the end
    for consumer in started:
        consumer.stop()
        for each in consumer._pullers.values():
            each.join(3)  # none may be about when the tables are emptied


@pytest.fixture
def run(transactional_db: None) -> Iterator[Run]:
    """Start a consumer in a process of its own, on the database of the tests."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    own = {"DATABASE_URL": url._replace(path=f"/{name}").geturl()}
    started: list[subprocess.Popen[bytes]] = []

    def do(**environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "consume_queue"]
        env = {**os.environ, **own, **environment}
        started.append(subprocess.Popen(command, env=env))
        return started[-1]

    yield do
    for each in started:
        each.kill()
        each.wait()


def make_queue(
    smq: SmqServer, key: str, *, name: str = QUEUE, address: str = ""
) -> ProviderQueue:
    """Make a channel that pulls a queue of the stand-in, or one more of its queues."""
    channel, is_new = Channel.objects.get_or_create(
        key=key, defaults={"name": key, "provider": "cams", "type": "whatsapp"}
    )
    if is_new:
        QueueAccount.objects.create(
            channel=channel,
            token_endpoint=smq.url,
            queue_endpoint=smq.url,
            access_key_id=ACCESS_KEY_ID,
            access_key_secrets=Hidden((ACCESS_KEY_SECRET,)),
        )
    if address:
        BusinessAddress.objects.create(
            channel=channel,
            provider="cams",
            channel_type="whatsapp",
            value=address,
            shown=f"+{address}",
        )
    return ProviderQueue.objects.create(
        channel=channel, receipt_type=ReceiptType.MT_STATUS, queue_name=name
    )


def make_callback(
    channel: Channel, body: bytes, *, mode: str, received_at: datetime
) -> None:
    """Keep a callback as if it had come at that time."""
    Callback.objects.create(
        id=uuid7(received_at),
        received_at=received_at,
        channel=channel,
        receipt_type=ReceiptType.MT_STATUS,
        mode=mode,
        body=body,
    )


def status(message_id: str, word: str = "Sent", sender: str = "8613100000008") -> bytes:
    """Give one status item as the provider puts it into a queue."""
    item = {
        "MessageId": message_id,
        "From": sender,
        "To": "8613800000008",
        "Status": word,
        "Timestamp": 1691043638000,
        "MsgFrameType": "message",
    }
    return json.dumps(item).encode()


def until(is_so: Callable[[], object], *, within_s: float = 10) -> None:
    """Wait until ``is_so`` gives something true; fail when it does not."""
    ends_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come about"
        time.sleep(0.02)
