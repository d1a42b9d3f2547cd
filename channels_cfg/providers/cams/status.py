"""ChatAppStatus: what became of a message, and Viber's consent events among them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from channels_cfg.fields import (
    LONGEST_WORD,
    address,
    moment,
    phone,
    text,
    verbatim,
    word,
)
from channels_cfg.wire import (
    BadItem,
    ClaimedMeaning,
    Failure,
    Flag,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Status,
)

from .names import account_ids, identities, message_id

STATUSES: Mapping[str, Status] = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "failed": Status.FAILED,
    "deleted": Status.DELETED,
}
# The user unblocked or blocked the business: no state of any message.
CONSENTS = frozenset({"subscribe", "unsubscribe"})
# "131026:Receiver is incapable …": the code may stand here alone.
_CODE = re.compile(r"\s*([0-9]{1,10})\s*[:\uff1a]")
_NO_FLAGS = Flag(0)  # making one costs more than reading a field
_RETRIES = timedelta(minutes=10)


def read_status(fields: Mapping[str, object], channel_type: str) -> ReceiptEvent:
    """Read one ``ChatAppStatus`` item. Raises ``BadItem`` without a ``MessageId``.

    ``Timestamp`` is documented as when the message was *sent*: no part of the key.
    """
    raw_status = verbatim(fields.get("Status"))[:LONGEST_WORD]
    said = raw_status.strip().casefold()
    if said in CONSENTS:
        return _read_consent(fields, channel_type, raw_status)
    about = _about(fields, said)
    status = STATUSES.get(said, Status.UNKNOWN)
    failure = _failure(fields, status)
    number = phone(fields.get("To"))
    claimed_at = moment(fields.get("Timestamp"))
    return ReceiptEvent(
        receipt_type=ReceiptType.MT_STATUS,
        kind=Kind.STATUS,
        key=("status", about, number, said, failure.code if failure else ""),
        message_id=about,
        recipient_number=number,
        task_id=word(fields.get("TaskId")) or about,
        status=status,
        raw_status=raw_status,
        status_description=text(fields.get("StatusDescription")),
        failure=failure,
        business_address=address(fields.get("From")),
        other_addresses=_other_addresses(fields),
        account_ids=account_ids(fields),
        identities=identities(fields, "To", channel_type=channel_type),
        provider_conversation_id=word(fields.get("ConversationId")),
        conversation_type=word(fields.get("ConversationType")),
        template_code=word(fields.get("TemplateCode")),
        template_name=word(fields.get("TemplateName")),
        template_language=word(fields.get("Language")),
        message_type=word(fields.get("Type")).lower(),
        frame_type=word(fields.get("MsgFrameType")).lower(),
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.SENT if claimed_at else None,
        flags=_flags(claimed_at, status),
    )


def _read_consent(
    fields: Mapping[str, object], channel_type: str, raw_status: str
) -> ReceiptEvent:
    """Read a block or unblock. Without an id it is known by its person and time."""
    about = message_id(fields)
    people = identities(fields, "To", channel_type=channel_type)
    if not about and not people:
        raise BadItem("neither a MessageId nor a person")
    claimed_at = moment(fields.get("Timestamp"))
    instant = claimed_at.isoformat() if claimed_at else ""
    person = phone(fields.get("To")) or "".join(each.value for each in people[:1])
    said = raw_status.strip().casefold()
    return ReceiptEvent(
        receipt_type=ReceiptType.MT_STATUS,
        kind=Kind.SUBSCRIPTION,
        key=("subscription", about, person, said, instant),
        # With neither id nor time a later one may be a second event.
        key_lasts=None if about or instant else _RETRIES,
        message_id=about,
        recipient_number=phone(fields.get("To")),
        raw_status=raw_status,
        status_description=text(fields.get("StatusDescription")),
        business_address=address(fields.get("From")),
        other_addresses=_other_addresses(fields),
        account_ids=account_ids(fields),
        identities=people,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.SENT if claimed_at else None,
        flags=_flags(claimed_at),
    )


def _about(fields: Mapping[str, object], said: str) -> str:
    if not said and any(fields.get(name) for name in ("Message", "AuditStatus")):
        raise BadItem("no Status, and fields that no status has")
    about = message_id(fields)
    if not about:
        raise BadItem("no MessageId")
    return about


def _failure(fields: Mapping[str, object], status: Status) -> Failure | None:
    description = text(fields.get("ErrorDescription"))
    code = word(fields.get("ErrorCode"))
    if not code and (found := _CODE.match(description)):
        code = found[1]
    if code or description or status is Status.FAILED:
        return Failure(code=code, description=description)
    return None


def _other_addresses(fields: Mapping[str, object]) -> tuple[str, ...]:
    origin = address(fields.get("OriginPhoneNumber"))
    return (origin,) if origin else ()


def _flags(claimed_at: datetime | None, status: Status | None = None) -> Flag:
    flags = _NO_FLAGS if claimed_at else Flag.TIME_UNUSABLE
    return flags | Flag.UNKNOWN_STATUS if status is Status.UNKNOWN else flags
