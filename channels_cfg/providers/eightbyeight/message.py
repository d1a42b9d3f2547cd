"""What users write (v2, v3, legacy, SMS), and echoes of the WhatsApp Business app."""

from collections.abc import Mapping

from channels_cfg.fields import Names, address, iso_moment, word
from channels_cfg.wire import (
    ClaimedMeaning,
    Flag,
    Kind,
    ReceiptEvent,
    ReceiptType,
)

from .content import read_content
from .names import account_ids, channel_type, message_id, people, phone_of

# The legacy body says recipientId.
_RECIPIENT = Names("channel", "channelId", "recipientId")


def read_inbound(fields: Mapping[str, object], default_leg: str) -> ReceiptEvent:
    """Read what a user wrote. Raises ``BadItem`` without a ``umid``.

    The channel stands under ``recipient`` here, not beside the user as in receipts;
    ``channelId`` names the sender's counterpart, but receipts never do.
    """
    recipient = _RECIPIENT.of(fields.get("recipient"))
    named = recipient.get("channel") or fields.get("channel")
    leg = channel_type(named) or default_leg
    ours = (
        word(recipient.get("channelId")) or word(recipient.get("recipientId")),
        address(fields.get("destination")),
    )
    return _read(
        fields,
        Kind.INBOUND,
        leg=leg,
        addresses=tuple(each for each in ours if each),
    )


def read_echo(fields: Mapping[str, object], default_leg: str) -> ReceiptEvent:
    """Read what the business sent from its phone. It has content but never a status."""
    leg = channel_type(fields.get("channel")) or default_leg
    return _read(fields, Kind.ECHO, leg=leg, addresses=())


def _read(
    fields: Mapping[str, object],
    kind: Kind,
    *,
    leg: str,
    addresses: tuple[str, ...],
) -> ReceiptEvent:
    about = message_id(fields)
    content, flags = read_content(fields)
    claimed_at = iso_moment(fields.get("timestamp"))
    is_inbound = kind is Kind.INBOUND
    return ReceiptEvent(
        receipt_type=ReceiptType.MO_MESSAGE if is_inbound else ReceiptType.MT_STATUS,
        kind=kind,
        key=(kind.value, about),
        message_id=about,
        reply_to=word(fields.get("replyToUmid")),
        channel_type=leg,
        business_address=word(fields.get("subAccountId")),
        other_addresses=addresses,
        account_ids=account_ids(sub_account_id=fields.get("subAccountId")),
        identities=people(fields.get("user"), leg)
        + phone_of(fields.get("source") if is_inbound else None),
        message_type=word(fields.get("type")).lower(),
        content=content,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=flags if claimed_at else flags | Flag.TIME_UNUSABLE,
    )
