"""``messages`` from people, and ``message_echoes`` of the WhatsApp Business app."""

from collections.abc import Mapping

from channels_cfg.fields import moment, word
from channels_cfg.wire import (
    ClaimedMeaning,
    Kind,
    ReceiptEvent,
    ReceiptType,
)

from .content import read_content
from .names import CHANNEL_TYPE, Batch, message_id, part, people, time_flag


def read_inbound(batch: Batch, fields: Mapping[str, object]) -> ReceiptEvent:
    """Read what a person wrote. Raises ``BadItem`` without an ``id``."""
    named = ("from", "from_user_id", "from_parent_user_id")
    return _read(Kind.INBOUND, batch, fields=fields, named=named)


def read_echo(batch: Batch, fields: Mapping[str, object]) -> ReceiptEvent:
    """Read what the business sent from its phone: content, and never a status."""
    named = ("to", "to_user_id", "to_parent_user_id")
    return _read(Kind.ECHO, batch, fields=fields, named=named)


def _read(
    kind: Kind,
    batch: Batch,
    *,
    fields: Mapping[str, object],
    named: tuple[str, ...],
) -> ReceiptEvent:
    about = message_id(fields)
    content, flags = read_content(fields)
    claimed_at = moment(fields.get("timestamp"))
    is_inbound = kind is Kind.INBOUND
    return ReceiptEvent(
        receipt_type=ReceiptType.MO_MESSAGE if is_inbound else ReceiptType.MT_STATUS,
        kind=kind,
        key=(kind.value, about),
        message_id=about,
        reply_to=_answered(fields),
        channel_type=CHANNEL_TYPE,
        business_address=batch.address,
        other_addresses=batch.other_addresses,
        account_ids=batch.account_ids,
        identities=people(batch, *(fields.get(name) for name in named)),
        provider_conversation_id=word(fields.get("group_id")),
        message_type=word(fields.get("type")).lower(),
        content=content,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=flags | time_flag(claimed_at),
    )


def _answered(fields: Mapping[str, object]) -> str:
    quoted = word(part(fields, "context").get("id"))
    return quoted or word(part(fields, "reaction").get("message_id"))
