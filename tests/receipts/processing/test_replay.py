"""Replay: the new reading replaces the old one; twice gives the same rows."""

from collections.abc import Callable

import msgspec
import pytest

from channels_cfg import registry
from channels_cfg.models import Channel
from channels_cfg.providers.cams.wire import Cams
from channels_cfg.wire import BadItem, Failure, ReceiptEvent, ReceiptType, Status
from receipts.models import (
    Callback,
    Message,
    QuarantinedItem,
    Receipt,
    ReceiptCount,
    Sighting,
    Template,
)
from receipts.processing.drain import drain
from receipts.processing.replay import (
    NotReplayable,
    replay_callback,
    replay_callbacks,
    replay_item,
)
from tests.receipts.processing.orders import empty, kept, outcome

ITEMS: list[dict[str, object]] = [
    {"MessageId": f"m{n}", "From": "861", "To": f"86138{n}", "Status": word}
    for n in range(3)
    for word in ("Sent", "Delivered", "Read", "Read")
]


class WrongCams(Cams):
    """CAMS as somebody might misread it: read means failed."""

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        event = super().read(receipt_type, item, channel_type)
        if event.status is not Status.READ:
            return event
        return msgspec.structs.replace(
            event, status=Status.FAILED, failure=Failure(code="1")
        )


class BlindCams(Cams):
    """CAMS that cannot read anything that was delivered."""

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        event = super().read(receipt_type, item, channel_type)
        if event.status is Status.DELIVERED:
            raise BadItem("delivered is beyond me")
        return event


class SplittingCams(Cams):
    """CAMS as somebody might misread it: what was read was another's."""

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        event = super().read(receipt_type, item, channel_type)
        if event.status is not Status.READ:
            return event
        return msgspec.structs.replace(
            event, recipient_number="9", key=(*event.key, "9")
        )


@pytest.fixture
def reading_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Cams], None]:
    """Let an adapter of one's own read what CAMS sends."""

    def use(adapter: Cams) -> None:
        monkeypatch.setitem(registry.adapters(), "cams", adapter)

    return use


def _drained(channel: Channel) -> list[Callback]:
    empty()
    callbacks = Callback.objects.bulk_create(kept(channel, ITEMS))
    drain()
    return callbacks


@pytest.mark.parametrize("wrong", [WrongCams, BlindCams])
def test_replay_after_a_wrong_mapping_yields_what_the_right_one_does(
    channel: Channel, reading_with: Callable[[Cams], None], wrong: type[Cams]
) -> None:
    _drained(channel)
    right = outcome()
    reading_with(wrong(slug="cams"))
    callbacks = _drained(channel)
    assert outcome() != right

    reading_with(Cams(slug="cams"))
    replay_callbacks([callback.id for callback in callbacks])
    once = (outcome(), Receipt.objects.count(), Sighting.objects.count())
    replay_callbacks([callback.id for callback in callbacks])

    assert once[0] == right
    assert (outcome(), Receipt.objects.count(), Sighting.objects.count()) == once


ODD_ITEMS: list[dict[str, object]] = [
    {
        "MessageId": f"o{n}",
        "From": "861",
        "To": f"86138\x1f\x1e{n}",
        "Status": status,
        "Timestamp": 1_763_632_800_000,
        "TaskId": "a\x1fb\x1e\x1e\rc\nd\\.\\N",
        "ErrorDescription": "\\.\r\n\x1f131026: \u2028",
        "TemplateCode": "\x1e",
        "TemplateName": "\x01\\",
        "ConversationId": "",
        "FromUserId": "US.1349",
    }
    for n in range(3)
    for status in ("Read", "\x1f", "Failed\r")
]


def _receipts() -> list[tuple[object, ...]]:
    names = [field.attname for field in Receipt._meta.concrete_fields]
    kept_as_stored = [name for name in names if name not in ("id", "xid", "stored_at")]
    rows = Receipt.objects.order_by("callback_id", "position")
    return [
        tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        for row in rows.values_list(*kept_as_stored)
    ]


def test_replay_writes_every_column_as_the_drain_does(
    channel: Channel, reading_with: Callable[[Cams], None]
) -> None:
    callbacks = Callback.objects.bulk_create(kept(channel, [*ODD_ITEMS, *ITEMS]))
    ids = [callback.id for callback in callbacks]
    drain()
    right = _receipts()

    reading_with(WrongCams(slug="cams"))
    replay_callbacks(ids)
    wrong = _receipts()
    reading_with(Cams(slug="cams"))
    replay_callbacks(ids)

    assert wrong != right
    assert _receipts() == right
    assert Receipt.objects.filter(task_id="a\x1fb\x1e\x1e\rc\nd\\.\\N").count() == 9


@pytest.mark.django_db(transaction=True)
def test_template_of_a_dry_run_is_noted_when_it_is_kept(
    channel: Channel, reading_with: Callable[[Cams], None]
) -> None:
    item = {"MessageId": "m", "From": "861", "To": "861", "Status": "Delivered"}
    callbacks = kept(channel, [{**item, "TemplateCode": "dry", "TemplateName": "one"}])
    ids = [callback.id for callback in Callback.objects.bulk_create(callbacks)]
    reading_with(BlindCams(slug="cams"))
    drain()

    reading_with(Cams(slug="cams"))
    replay_callbacks(ids, dry_run=True)
    assert not Template.objects.exists()
    replay_callbacks(ids)

    assert list(Template.objects.values_list("code", flat=True)) == ["dry"]


def test_id_of_a_message_that_was_merged_answers_with_the_survivor(
    channel: Channel, reading_with: Callable[[Cams], None]
) -> None:
    reading_with(SplittingCams(slug="cams"))
    callbacks = _drained(channel)
    halves = Message.objects.filter(message_id="m0").order_by("slot")
    ids = [half.pk for half in halves]

    reading_with(Cams(slug="cams"))
    replay_callbacks([callback.id for callback in callbacks])

    survivors = [Message.objects.survivor(pk) for pk in ids]
    assert len(set(ids)) == 2
    assert [found and found.pk for found in survivors] == [ids[0], ids[0]]


def test_dry_run_says_what_would_change_and_changes_nothing(
    channel: Channel, reading_with: Callable[[Cams], None]
) -> None:
    callbacks = _drained(channel)
    before = outcome()
    reading_with(WrongCams(slug="cams"))

    told = replay_callbacks([callback.id for callback in callbacks], dry_run=True)

    assert (told.receipts, told.duplicates, told.changed) == (9, 3, 6)
    assert outcome() == before


def test_quarantined_item_that_can_be_read_now_becomes_a_receipt(
    channel: Channel, reading_with: Callable[[Cams], None]
) -> None:
    reading_with(BlindCams(slug="cams"))
    _drained(channel)
    item = QuarantinedItem.objects.order_by("pk")[0]

    reading_with(Cams(slug="cams"))
    told = replay_item(item)
    again = replay_item(item)

    item.refresh_from_db()
    assert (told.receipts, told.duplicates, told.quarantined) == (1, 0, 0)
    assert (again.receipts, again.changed) == (1, 0)
    assert item.state == QuarantinedItem.State.REPLAYED
    assert Callback.objects.get(pk=item.callback_id).state == "done"


def test_replay_moves_the_hourly_counts(
    channel: Channel, reading_with: Callable[[Cams], None]
) -> None:
    reading_with(WrongCams(slug="cams"))
    callbacks = _drained(channel)

    reading_with(Cams(slug="cams"))
    replay_callbacks([callback.id for callback in callbacks])

    failed = ReceiptCount.objects.filter(status="failed").values_list("n", flat=True)
    assert sum(failed) == 0
    assert set(Message.objects.values_list("status", flat=True)) == {"read"}


def test_callback_that_waits_for_its_first_reading_cannot_be_replayed(
    channel: Channel,
) -> None:
    (callback,) = Callback.objects.bulk_create(kept(channel, ITEMS[:1]))

    with pytest.raises(NotReplayable):
        replay_callback(callback.id)
