"""A copied provider folder works, from its channel to its messages."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from channels_cfg import providers
from channels_cfg.models import CallbackPath, Channel
from receipts.models import Message
from receipts.processing.drain import drain

SAMPLE = Path(providers.__path__[0], "cams", "fixtures", "status_template.json")


@pytest.fixture
def copied_channel(copied_provider: str, transactional_db: None) -> Channel:
    """A channel of the copy, as the admin would check it."""
    channel = Channel(
        key="copy", name="Copy", provider=copied_provider, type="whatsapp"
    )
    channel.full_clean()
    channel.save()
    CallbackPath.objects.create(channel=channel, receipt_type="mt_status", path="copy")
    return channel


def test_copied_folder_takes_pushes_without_any_other_edit(
    client: Client, copied_channel: Channel
) -> None:
    answer = client.post("/callbacks/copy", SAMPLE.read_bytes(), "application/json")
    drain()

    assert answer.json() == {"code": 0, "msg": "Success"}
    messages = Message.objects.filter(channel=copied_channel)
    assert [message.status for message in messages] == ["failed", "failed"]


def test_copied_folder_needs_no_migration(copied_channel: Channel) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
