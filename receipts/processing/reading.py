"""Callbacks to facts, with the providers' adapters; touches no receipt."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from channels_cfg import registry
from channels_cfg.json_text import load_item
from channels_cfg.wire import (
    Adapter,
    BadBody,
    BadItem,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Status,
)
from receipts.processing import bits, redacted
from receipts.processing.claiming import Claimed, Outcome
from receipts.processing.directory import Directory, directory
from receipts.processing.facts import Fact, usable_claim
from receipts.processing.once import digest_of, reading_of
from receipts.processing.placing import place_of

log = structlog.get_logger(__name__)
_DETAIL = re.compile(r"[\"'`].*?[\"'`]|\d+")


class SetAside(msgspec.Struct, kw_only=True):
    """An item, or a whole body (``position`` None), that could not be read."""

    channel_id: int
    callback_id: UUID
    received_at: datetime
    position: int | None
    reason: str
    item: bytes

    @property
    def cause(self) -> str:
        """The reason without what differs from item to item."""
        return _DETAIL.sub("…", self.reason)[:64]


class Reading(msgspec.Struct, kw_only=True):
    """What callbacks told: facts, what was set aside, an outcome for each."""

    facts: list[Fact] = []
    set_aside: list[SetAside] = []
    outcomes: list[Outcome] = []


def read_items(callbacks: Sequence[Claimed]) -> Reading:
    """Read every item of ``callbacks``; a bad one is set aside, the rest go on."""
    reading = Reading()
    channels = directory(callback.channel_id for callback in callbacks)
    for callback in callbacks:
        outcome = Outcome(id=callback.id, received_at=callback.received_at)
        reading.outcomes.append(outcome)
        adapter = registry.adapter(channels.places[callback.channel_id].provider)
        try:
            items = redacted.split(
                adapter, callback.body, is_redacted=callback.is_redacted
            )
        except BadBody as exc:
            outcome.state, outcome.error, outcome.quarantined = "failed", str(exc), 1
            reading.set_aside.append(_whole(callback, str(exc)))
            continue
        _read_each(reading, callback, outcome, items=items, channels=channels)
    return reading


def _read_each(
    reading: Reading,
    callback: Claimed,
    outcome: Outcome,
    *,
    items: Sequence[bytes],
    channels: Directory,
) -> None:
    place = channels.places[callback.channel_id]
    adapter = registry.adapter(place.provider)
    outcome.items = len(items)
    for position, item in enumerate(items):
        if callback.is_redacted and item == redacted.ERASED:
            continue
        try:
            event, flags = read_item(adapter, callback.receipt_type, item, place.type)
            fact = _fact(
                callback,
                event,
                flags,
                position=position,
                payload=item,
                channels=channels,
            )
        except BadItem as exc:
            outcome.quarantined += 1
            reading.set_aside.append(_one(callback, position, item, str(exc)))
        else:
            reading.facts.append(fact)
    if outcome.quarantined:
        outcome.state = "partly"


def read_item(
    adapter: Adapter, receipt_type: str, item: bytes, channel_type: str
) -> tuple[ReceiptEvent, int]:
    """Read one item; also return its flags, see ``bits``.

    Raises ``BadItem``, also for a defect of the adapter itself.
    """
    value, sanitised = load_item(item)
    asked = ReceiptType(receipt_type)
    try:
        event = adapter.read(asked, value, channel_type)
    except BadItem:
        raise
    except Exception as exc:
        # Our own defect: the item waits in quarantine for the mended adapter.
        log.exception("reading_raised", provider=adapter.slug)
        raise BadItem(f"reader raised {type(exc).__name__}: {exc}"[:500]) from exc
    flags = event.flags.value
    if sanitised:
        flags |= bits.SANITISED
    if event.receipt_type is not asked and asked is not ReceiptType.ANY:
        flags |= bits.UNEXPECTED_TYPE
    if event.status is Status.UNKNOWN and event.kind is Kind.STATUS:
        flags |= bits.UNKNOWN_STATUS
    return event, flags


def _fact(
    callback: Claimed,
    event: ReceiptEvent,
    flags: int,
    *,
    position: int,
    payload: bytes,
    channels: Directory,
) -> Fact:
    place = channels.places[callback.channel_id]
    place, foreign = place_of(place, event, channels, mode=callback.mode)
    claimed_at, unusable = usable_claim(event.claimed_at, callback.received_at)
    return Fact(
        event=event,
        callback_id=callback.id,
        position=position,
        received_at=callback.received_at,
        offered_at=callback.offered_at,
        mode=callback.mode,
        channel_id=place.id,
        channel_type=event.channel_type or place.type,
        payload=payload,
        digest=digest_of(event, callback.offered_at),
        reading=reading_of(event),
        claimed_at=claimed_at,
        flags=flags | unusable | foreign,
    )


def _whole(callback: Claimed, reason: str) -> SetAside:
    return _one(callback, None, callback.body, reason)


def _one(callback: Claimed, position: int | None, item: bytes, reason: str) -> SetAside:
    return SetAside(
        channel_id=callback.channel_id,
        callback_id=callback.id,
        received_at=callback.received_at,
        position=position,
        reason=reason,
        item=item,
    )
