"""The duties all providers have in common, over every fixture of every folder."""

from contextlib import suppress
from datetime import UTC, timedelta

import msgspec
import pytest

from channels_cfg import registry
from channels_cfg.fields import LONGEST_WORD
from channels_cfg.json_text import load_item
from channels_cfg.wire import (
    BadBody,
    BadItem,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Secrets,
)

from .contract import FOLDERS, ROOT, Fixture, all_fixtures, manifest, variants

FIXTURES = all_fixtures()
READABLE = [each for each in FIXTURES if not each.bad_body]
INDEXED = (
    "message_id",
    "recipient_number",
    "task_id",
    "batch_id",
    "client_batch_id",
    "reply_to",
    "raw_status",
    "raw_detail",
    "channel_type",
    "business_address",
    "provider_conversation_id",
    "template_code",
    "template_name",
    "template_language",
    "message_type",
)

each_folder = pytest.mark.parametrize("folder", FOLDERS)
each_fixture = pytest.mark.parametrize(
    "fixture", READABLE, ids=lambda each: f"{each.folder}/{each.file}"
)


def assert_fit_to_keep(event: ReceiptEvent) -> None:
    """Check what the tables and the fold rely on."""
    assert event.key
    assert event.key[0]
    assert all(isinstance(part, str) for part in event.key)
    assert (event.status is not None) == (event.kind is Kind.STATUS)
    assert event.receipt_type is not ReceiptType.ANY
    assert all(len(getattr(event, name)) <= LONGEST_WORD for name in INDEXED)
    assert all(0 < len(who.value) <= LONGEST_WORD for who in event.identities)
    assert event.claimed_at is None or event.claimed_at.tzinfo is UTC
    assert (event.claimed_at is None) == (event.claimed_meaning is None)
    assert event.message_id or event.kind not in (Kind.STATUS, Kind.INBOUND)
    assert msgspec.json.encode(event)


@each_folder
def test_folder_tells_its_sources_and_lists_every_fixture(folder: str) -> None:
    files = {path.name for path in (ROOT / folder / "fixtures").iterdir()}
    listed = {each.file for each in manifest(folder)}

    assert b"Sources" in (ROOT / folder / "README.md").read_bytes()
    assert listed
    assert files == listed | {"manifest.json"}


@each_folder
def test_nasty_fixtures_are_as_many_as_kind_ones(folder: str) -> None:
    sources = [each.source for each in manifest(folder)]

    assert set(sources) <= {"documented", "captured", "nasty"}
    assert 2 * sources.count("nasty") >= len(sources)


@pytest.mark.parametrize(
    "fixture",
    [each for each in FIXTURES if each.bad_body],
    ids=lambda each: f"{each.folder}/{each.file}",
)
def test_body_that_cannot_be_cut_is_bad_as_a_whole(fixture: Fixture) -> None:
    with pytest.raises(BadBody, match=r"\w"):
        fixture.adapter.split(fixture.body)


@each_fixture
def test_items_read_or_are_bad_as_the_manifest_says(fixture: Fixture) -> None:
    events = list(fixture.events())

    assert len(events) == fixture.items
    assert [at for at, event in enumerate(events) if event is None] == fixture.bad_items


@each_fixture
def test_event_is_fit_to_keep_and_reads_the_same_twice(fixture: Fixture) -> None:
    events = [event for event in fixture.events() if event]

    assert events == [event for event in fixture.events() if event]
    for event in events:
        assert_fit_to_keep(event)


@each_fixture
def test_item_with_an_odd_value_anywhere_reads_or_is_bad(fixture: Fixture) -> None:
    items = [
        load_item(raw)[0]
        for raw in fixture.adapter.split(fixture.body)[:3]
        if len(raw) < 5000
    ]

    for variant in (odd for item in items for odd in variants(item)):
        with suppress(BadItem):
            assert_fit_to_keep(fixture.read(variant))


@each_folder
def test_equal_keys_are_about_the_same_thing(folder: str) -> None:
    by_key: dict[tuple[str, ...], ReceiptEvent] = {}
    readable = (each for each in READABLE if each.folder == folder)

    for event in (event for each in readable for event in each.events() if event):
        first = by_key.setdefault(event.key, event)
        assert (first.kind, first.message_id) == (event.kind, event.message_id)
        assert first.status == event.status


@each_folder
def test_adapter_acknowledges_and_knows_its_clocks(folder: str) -> None:
    adapter = registry.in_folder(folder)

    assert adapter.ack().status == 200
    assert msgspec.json.decode(adapter.ack().body) is not None
    assert timedelta(seconds=1) < adapter.limits.ack_limit <= timedelta(minutes=1)
    assert list(adapter.limits.retry_after) == sorted(adapter.limits.retry_after)
    assert {where.receipt_type for where in adapter.console} <= {*adapter.receipt_types}
    assert {*adapter.queue_types} <= {*adapter.receipt_types}


@each_folder
def test_plain_get_without_a_secret_is_no_handshake_with_an_answer(folder: str) -> None:
    answer = registry.in_folder(folder).handshake({}, Secrets())

    assert answer is None or answer.status == 403
