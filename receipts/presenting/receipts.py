"""Receipts as the public sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from channels_cfg.models import Channel
from channels_cfg.wire import Flag, Kind
from receipts import shapes
from receipts.models import Conversation, Message, Receipt, Sighting
from receipts.presenting import lookups, parts
from receipts.querysets.message import several_recipients
from receipts.querysets.receipt import Repeats
from receipts.shapes.parts import FLAGS

_FLAG_OF_WORD = {flag.name.lower(): flag for flag in Flag if flag.name}
_json = msgspec.json.Decoder(msgspec.Raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookups:
    channels: dict[int, Channel]
    codes: lookups.Codes
    roots: dict[int, int]
    repeats: dict[int, Repeats]
    several: set[tuple[int, str]]

    def repeats_of(self, row: Receipt) -> Repeats:
        return self.repeats.get(row.pk, Repeats(0, frozenset()))


def show_receipts(
    rows: Sequence[Receipt], *, is_clear: bool, with_payload: bool = False
) -> list[shapes.Receipt]:
    """Return the public shape of each receipt, in order."""
    if not rows:
        return []
    found = _load(rows)
    shown = [_show(row, found, is_clear) for row in rows]
    return [*map(_with_payload, shown, rows)] if with_payload else shown


def _load(rows: Sequence[Receipt]) -> _Lookups:
    channels = lookups.channels(row.channel_id for row in rows)
    return _Lookups(
        channels=channels,
        codes=lookups.error_codes(
            (channels[row.channel_id].provider, row.error_code) for row in rows
        ),
        roots=Conversation.objects.roots_of(row.conversation_id for row in rows),
        repeats=Sighting.objects.repeats(row.pk for row in rows),
        several=several_recipients(
            Message.objects.all(), ((row.channel_id, row.message_id) for row in rows)
        ),
    )


def _show(row: Receipt, found: _Lookups, is_clear: bool) -> shapes.Receipt:
    channel = found.channels[row.channel_id]
    known = parts.identities(row.identities)
    hide = None if is_clear else parts.phones(known)
    return shapes.Receipt(
        id=str(row.pk),
        channel=channel.key,
        channel_type=row.channel_type,
        provider=channel.provider,
        receipt_type=row.receipt_type,
        mode=row.mode,
        modes=sorted({row.mode, *found.repeats_of(row).modes}),
        kind=row.kind,
        message_id=row.message_id,
        task_id=task_id(row.task_id, row.message_id, hide),
        batch_id=parts.text(row.batch_id, hide),
        client_batch_id=parts.text(row.client_batch_id, hide),
        conversation=parts.survivor(found.roots, row.conversation_id),
        provider_conversation_id=row.provider_conversation_id,
        conversation_type=row.conversation_type,
        status=row.status if row.kind == Kind.STATUS else None,
        raw_status=row.raw_status,
        raw_detail=parts.text(row.raw_detail, hide),
        status_description=parts.text(row.status_description, hide),
        error=parts.error(row, channel.provider, found.codes, hide=hide),
        business_address=parts.address(row.business_address, row.channel_type),
        user=parts.user(known, is_clear=is_clear),
        template=parts.template(row),
        message_type=row.message_type,
        frame_type=row.frame_type,
        leg=_leg(row, channel),
        occurred_at=row.claimed_at or row.received_at,
        claimed_at=row.claimed_at,
        claimed_meaning=row.claimed_meaning,
        received_at=row.received_at,
        stored_at=row.stored_at,
        times_seen=1 + found.repeats_of(row).times,
        flags=_flags(row, found),
        callback=str(row.callback_id),
    )


def task_id(
    value: str | None, message_id: str | None, hide: list[str] | None
) -> str | None:
    """Return a task id; where none was given it is the message id, which is no person."""
    return value if value == message_id else parts.text(value, hide)


def _leg(row: Receipt, channel: Channel) -> str | None:
    is_leg = channel.type == "multi" and row.kind == Kind.STATUS
    return row.channel_type if is_leg else None


def _flags(row: Receipt, found: _Lookups) -> list[str]:
    words = {word for word, flag in _FLAG_OF_WORD.items() if row.flags & flag}
    if row.pk in found.repeats:
        words.add("repeated")
    if (row.channel_id, row.message_id) in found.several:
        words.add("several_recipients")
    return [word for word in FLAGS if word in words]


def _with_payload(shown: shapes.Receipt, row: Receipt) -> shapes.Receipt:
    return msgspec.structs.replace(shown, payload=_payload(row.payload))


def _payload(text: str) -> msgspec.Raw:
    """Return the item as it came; as a string, should it not be JSON after all."""
    try:
        return _json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return msgspec.Raw(msgspec.json.encode(text))
