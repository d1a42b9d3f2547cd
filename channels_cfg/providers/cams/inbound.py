"""ChatAppInbound: what a user wrote to the business."""

from collections.abc import Mapping

from channels_cfg.fields import Names, address, moment, word
from channels_cfg.json_text import load_item
from channels_cfg.wire import (
    BadItem,
    ClaimedMeaning,
    Flag,
    Kind,
    ReceiptEvent,
    ReceiptType,
)

from .content import read_content
from .names import account_ids, identities, message_id

_CONTEXT = Names("from", "id")


def read_inbound(fields: Mapping[str, object], channel_type: str) -> ReceiptEvent:
    """Read one ``ChatAppInbound`` item.

    ``Timestamp`` is in Unix milliseconds. ``Context`` names the message that is
    answered. Raises ``BadItem`` without a ``MessageId``, and for what is a status by
    its fields but has no status.
    """
    about = message_id(fields)
    if not about:
        raise BadItem("no MessageId")
    if fields.get("Message") is None and fields.get("MsgFrameType") is not None:
        raise BadItem("no Message, and fields that no inbound message has")
    content, flags = read_content(fields)
    claimed_at = moment(fields.get("Timestamp"))
    return ReceiptEvent(
        receipt_type=ReceiptType.MO_MESSAGE,
        kind=Kind.INBOUND,
        key=("inbound", about),
        message_id=about,
        reply_to=_answered(fields.get("Context")),
        business_address=address(fields.get("To")),
        account_ids=account_ids(fields),
        identities=identities(fields, "From", channel_type=channel_type),
        message_type=word(fields.get("Type")).lower(),
        content=content,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.SENT if claimed_at else None,
        flags=flags if claimed_at else flags | Flag.TIME_UNUSABLE,
    )


def _answered(context: object) -> str:
    if isinstance(context, str):
        try:
            context, _ = load_item(context.encode())
        except BadItem:
            return ""
    return word(_CONTEXT.of(context).get("id"))
