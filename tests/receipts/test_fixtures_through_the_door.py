"""Every fixture of every provider folder, pushed through the real door and drained."""

import pytest
from django.test import Client

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from channels_cfg.wire import ReceiptType
from receipts.models import Callback, QuarantinedItem, Receipt, Sighting
from receipts.processing.drain import drain
from tests.channels_cfg.contract import (
    FOLDERS,
    Fixture,
    manifest,
    proof_headers,
    signing_secrets,
)

PATH_TYPES = [each for each in ReceiptType if each is not ReceiptType.OTHER]


@pytest.fixture(params=FOLDERS)
def folder(request: pytest.FixtureRequest, transactional_db: None) -> str:
    """A provider with a channel for each channel type that its fixtures name."""
    name = str(request.param)
    for channel_type in {fixture.channel_type for fixture in manifest(name)}:
        open_paths(name, channel_type)
    return name


def open_paths(folder: str, channel_type: str) -> None:
    """Make a channel with a callback path for every receipt type."""
    adapter = manifest(folder)[0].adapter
    channel = Channel.objects.create(
        key=f"{folder}-{channel_type}",
        name=folder,
        provider=adapter.slug,
        type=channel_type or adapter.channel_types[0],
    )
    for receipt_type in PATH_TYPES:
        CallbackPath.objects.create(
            channel=channel,
            receipt_type=receipt_type,
            path=f"{channel.key}/{receipt_type}",
            signing_secrets=Hidden(signing_secrets(folder)),
        )


def push(client: Client, fixture: Fixture) -> None:
    """Push one fixture as its provider would, and check the ack."""
    answer = client.post(
        f"/callbacks/{fixture.folder}-{fixture.channel_type}/{fixture.receipt_type}",
        fixture.body,
        content_type="application/json",
        headers=dict(proof_headers(fixture.folder, fixture.body)),
    )

    ack = fixture.adapter.ack()
    assert (answer.status_code, answer.content) == (ack.status, ack.body), fixture.file
    assert answer["Content-Type"] == ack.content_type


def assert_counted_as_listed(callback: Callback, fixture: Fixture) -> None:
    unread = [None] if fixture.bad_body else fixture.bad_items
    kept = fixture.items - len(fixture.bad_items)

    assert callback.items == fixture.items
    assert (callback.new or 0) + (callback.duplicates or 0) == kept
    assert callback.quarantined == len(unread)
    assert (callback.state == "failed") == fixture.bad_body
    assert (callback.state == "done") == (not unread)
    set_aside = QuarantinedItem.objects.filter(callback_id=callback.id)
    positions = set_aside.values_list("position", flat=True)
    assert list(positions.order_by("position")) == unread


def test_every_fixture_is_acked_and_counted_as_its_manifest_says(
    client: Client, folder: str
) -> None:
    fixtures = manifest(folder)
    for fixture in fixtures:
        push(client, fixture)

    drain()

    callbacks = Callback.objects.order_by("received_at", "id")
    for callback, fixture in zip(callbacks, fixtures, strict=True):
        assert bytes(callback.body) == fixture.body
        assert_counted_as_listed(callback, fixture)


def test_no_item_of_any_fixture_is_lost_or_counted_twice(
    client: Client, folder: str
) -> None:
    fixtures = [fixture for fixture in manifest(folder) if not fixture.bad_body]
    for fixture in fixtures + fixtures:
        push(client, fixture)

    drain()

    kept = Receipt.objects.count() + Sighting.objects.count()
    items = sum(fixture.items for fixture in fixtures)
    assert kept + QuarantinedItem.objects.count() == 2 * items
    assert not Callback.objects.filter(state="pending").exists()
