"""A database to be mishandled, a spool of one's own, and pushes through the door."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.wire import ReceiptMode, ReceiptType
from receipts.deliveries import Delivery
from receipts.ids import uuid7
from receipts.models import Callback
from receipts.spool.store import Spool, spool
from tests.receipts.intake.own_database import OwnDatabase

Post = Callable[..., HttpResponse]
_KEYS = ("HOST", "PORT", "USER", "PASSWORD", "NAME")


@pytest.fixture(autouse=True)
def patient_door() -> None:
    """Leave the door as it is: impatient."""


@pytest.fixture(autouse=True)
def spool_dir(tmp_path: Path, settings: Settings) -> Path:
    """Where the spool of this test lies; made by its first use."""
    settings.SPOOL_DIR = tmp_path / "spool"
    return tmp_path / "spool"


@pytest.fixture
def here(spool_dir: Path) -> Spool:
    """The spool of this test."""
    return spool()


@pytest.fixture(scope="session")
def own_server(django_db_blocker: DjangoDbBlocker) -> Iterator[OwnDatabase]:
    """A server with the few tables that the door needs."""
    server = OwnDatabase()
    try:
        server.start()
        with _django_on(server), django_db_blocker.unblock():
            _make_tables()
        yield server
    finally:
        server.remove()


@pytest.fixture
def database(
    own_server: OwnDatabase, django_db_blocker: DjangoDbBlocker
) -> Iterator[OwnDatabase]:
    """Our own server, up and empty, as Django's database of this test."""
    own_server.start()
    with _django_on(own_server), django_db_blocker.unblock():
        own_server.execute("TRUNCATE receipts_callback")
        yield own_server
        own_server.start()


class _django_on:  # used as a function
    """Point Django's default database, in every thread, to ``server``."""

    def __init__(self, server: OwnDatabase) -> None:
        cluster = server.cluster
        mine = (str(cluster.sockets), "", "portal", cluster.password, "portal")
        self._mine = dict(zip(_KEYS, mine, strict=True))

    def __enter__(self) -> None:
        connection.close()
        self._theirs = {key: connection.settings_dict[key] for key in _KEYS}
        connection.settings_dict.update(self._mine)

    def __exit__(self, *_: object) -> None:
        for thread in threading.enumerate():
            if thread.name == "try-again":
                thread.join(5)
        connection.close()
        connection.settings_dict.update(self._theirs)


def _make_tables() -> None:
    models: list[type[Model]] = [Callback]
    models.extend(apps.get_app_config("channels_cfg").get_models())
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
        # As the partitioned table has it.
        editor.execute("CREATE UNIQUE INDEX ON receipts_callback (id, received_at)")
    channel = Channel(key="wa-main", name="WhatsApp", provider="cams", type="whatsapp")
    # In bulk: nothing is written down about it in tables that are not there.
    Channel.objects.bulk_create([channel])
    path = CallbackPath(
        channel=channel, receipt_type="mt_status", path="wa-main/mt_status"
    )
    CallbackPath.objects.bulk_create([path])


@pytest.fixture
def post(client: Client) -> Post:
    """Post a body to a path of the door, by default a known one."""

    def do(body: bytes = b"[]", path: str = "wa-main/mt_status") -> HttpResponse:
        answer = client.post(f"/callbacks/{path}", body, "application/json")
        assert isinstance(answer, HttpResponse)
        return answer

    return do


def made(body: bytes = b"[]") -> Delivery:
    """Return a delivery that was received just now."""
    now = datetime.now(UTC)
    return Delivery(
        id=uuid7(now),
        received_at=now,
        channel_id=1,
        receipt_type=ReceiptType.MT_STATUS,
        mode=ReceiptMode.PUSH,
        body=body,
        headers={"user-agent": "test"},
        address="203.0.113.9",
        ack_ms=0.5,
    )


def bodies() -> list[bytes]:
    """Return what is in the database, in the order it was received."""
    found = Callback.objects.order_by("received_at").values_list("body", flat=True)
    return [bytes(body) for body in found]


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` took."""
    began = time.monotonic()
    work()
    return time.monotonic() - began
