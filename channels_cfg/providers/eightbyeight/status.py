"""Delivery receipts: the seed's form, v8, v9, the SMS product and the legacy bodies."""

from collections.abc import Mapping
from datetime import datetime

from channels_cfg.fields import (
    LONGEST_WORD,
    Names,
    address,
    iso_moment,
    text,
    verbatim,
    word,
)
from channels_cfg.wire import (
    ClaimedMeaning,
    Failure,
    Flag,
    Identity,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Status,
)

from .names import account_ids, channel_type, message_id, people, phone_of
from .outbound import read_outbound
from .states import failure, own_status

_STATUS = Names("state", "detail", "timestamp", "errorCode", "errorMessage")
_WHATSAPP = Names("providerErrorCode", "pricingCategory")
_ERROR = Names("code", "message")


def read_status(fields: Mapping[str, object], default_leg: str) -> ReceiptEvent:
    """Read one receipt's payload.

    ``umid`` stays the same for every state and, with fallback, on every channel, so leg,
    words, instant (when it was observed) and code make it once. Raises ``BadItem``.
    """
    about = message_id(fields)
    leg = channel_type(fields.get("channel")) or default_leg
    told = _told(fields)
    whatsapp = _WHATSAPP.of(fields.get("whatsapp"))
    code = word(told.get("errorCode"))
    status = own_status(told.get("state"), told.get("detail"), code)
    sent = read_outbound(fields.get("outboundContent"))
    claimed_at = iso_moment(told.get("timestamp"))
    return ReceiptEvent(
        receipt_type=ReceiptType.MT_STATUS,
        kind=Kind.STATUS,
        key=("status", about, leg, *_words(told), _instant(claimed_at), code),
        message_id=about,
        task_id=word(fields.get("clientMessageId")),
        batch_id=word(fields.get("batchId")),
        client_batch_id=word(fields.get("clientBatchId")),
        status=status,
        raw_status=verbatim(told.get("state"))[:LONGEST_WORD],
        raw_detail=verbatim(told.get("detail"))[:LONGEST_WORD],
        failure=_failure(status, told, whatsapp),
        channel_type=leg,
        business_address=word(fields.get("subAccountId")),
        other_addresses=_senders(fields),
        account_ids=account_ids(sub_account_id=fields.get("subAccountId")),
        identities=_recipient(fields, leg),
        conversation_type=word(whatsapp.get("pricingCategory")),
        template_name=sent.template_name,
        template_language=sent.template_language,
        message_type=sent.message_type,
        content=sent.content,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=_flags(claimed_at, status),
    )


def _failure(
    status: Status, told: Mapping[str, object], whatsapp: Mapping[str, object]
) -> Failure | None:
    return failure(
        status,
        word(told.get("errorCode")),
        upstream=whatsapp.get("providerErrorCode"),
        message=told.get("errorMessage"),
    )


def _recipient(fields: Mapping[str, object], leg: str) -> tuple[Identity, ...]:
    # An SMS names a number instead of a user.
    return people(fields.get("user"), leg) + phone_of(fields.get("destination"))


def _told(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return the status object; a legacy body has its parts at the top level."""
    status = fields.get("status")
    if isinstance(status, dict):
        return _STATUS.of(status)
    return {
        "state": status,
        "timestamp": fields.get("timestamp"),
        **_legacy_error(fields.get("error")),
    }


def _legacy_error(error: object) -> Mapping[str, object]:
    """Read ``error``, which the page shows only as null: a code, a text or an object."""
    if isinstance(error, dict):
        found = _ERROR.of(error)
        return {"errorCode": found.get("code"), "errorMessage": found.get("message")}
    name = "errorCode" if text(error).isdecimal() else "errorMessage"
    return {name: error}


def _words(told: Mapping[str, object]) -> tuple[str, str]:
    return word(told.get("state")).lower(), word(told.get("detail")).lower()


def _instant(claimed_at: datetime | None) -> str:
    return claimed_at.isoformat() if claimed_at else ""


def _senders(fields: Mapping[str, object]) -> tuple[str, ...]:
    # Only SMS receipts name the sender.
    sender = address(fields.get("source"))
    return (sender,) if sender else ()


def _flags(claimed_at: datetime | None, status: Status) -> Flag:
    flags = Flag(0) if claimed_at else Flag.TIME_UNUSABLE
    return flags | Flag.UNKNOWN_STATUS if status is Status.UNKNOWN else flags
