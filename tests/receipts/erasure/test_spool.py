"""What waits on this host's disk is erased, too."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from channels_cfg.models import Channel
from channels_cfg.wire import ReceiptMode, ReceiptType
from receipts.deliveries import Delivery
from receipts.ids import uuid7
from receipts.models import Message
from receipts.spool.records import pack
from receipts.spool.store import spool
from tests.receipts.erasure.conftest import HER, HIS, Erase, everything, status


@pytest.fixture(autouse=True)
def own_spool(settings: Settings, tmp_path: Path) -> Path:
    """Give this test a spool of its own."""
    settings.SPOOL_DIR = tmp_path / "spool"
    return tmp_path / "spool"


def _spooled(channel: Channel) -> bytes:
    now = timezone.now()
    return pack(
        Delivery(
            id=uuid7(now),
            received_at=now,
            channel_id=channel.pk,
            receipt_type=ReceiptType.MT_STATUS,
            mode=ReceiptMode.PUSH,
            body=json.dumps([status(HER, "m1"), status(HIS, "m2")]).encode(),
        )
    )


def test_spooled_callback_is_loaded_and_then_erased_of(
    channel: Channel, erase: Erase
) -> None:
    spool().add([_spooled(channel)])

    done = erase()

    assert done.removed["callback items"] == 1
    assert [m.message_id for m in Message.objects.all()] == ["m2"]
    assert HER not in everything()


def test_row_that_nobody_can_load_is_removed_if_it_names_the_person(
    channel: Channel, erase: Erase, own_spool: Path
) -> None:
    spool().add([_spooled(channel)])
    (row,) = spool().current().oldest(1, 1)
    spool().current().put_aside(row.seq, "made up")

    done = erase()

    assert done.removed["spool rows"] == 1
    assert spool().current().aside() == []
    spool().current().settle()
    assert not any(HER.encode() in path.read_bytes() for path in own_spool.iterdir())


def test_damaged_spool_file_is_named_as_left(
    channel: Channel, erase: Erase, own_spool: Path
) -> None:
    spool().add([_spooled(channel)])
    (file,) = own_spool.glob("*.sqlite3")
    file.with_suffix(".damaged").write_text("made up\n")

    done = erase()

    assert any("damaged spool files" in words for words in done.left)
