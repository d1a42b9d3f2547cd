"""``statuses``: what became of a message."""

from collections.abc import Mapping

from channels_cfg.fields import LONGEST_WORD, moment, phone, text, verbatim, word
from channels_cfg.wire import (
    FAILURES,
    ClaimedMeaning,
    Failure,
    Flag,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Status,
)

from .names import CHANNEL_TYPE, Batch, message_id, part, people, time_flag

STATUSES: Mapping[str, Status] = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.PLAYED,  # a voice message, for the first time
    "failed": Status.FAILED,
    "deleted": Status.DELETED,
}


def read_status(batch: Batch, fields: Mapping[str, object]) -> ReceiptEvent:
    """Read one status. Raises ``BadItem`` without an ``id``.

    ``timestamp`` is in Unix seconds as text (milliseconds were seen); a retry of Meta
    carries the time of the first try. In a group many people answer for one message,
    so the participant is part of the key and tells their messages apart.
    """
    about = message_id(fields)
    raw_status = verbatim(fields.get("status"))[:LONGEST_WORD]
    said = raw_status.strip().lower()
    status = STATUSES.get(said, Status.UNKNOWN)
    failure = _failure(fields, status)
    participant, named = _recipient(fields)
    claimed_at = moment(fields.get("timestamp"))
    return ReceiptEvent(
        receipt_type=ReceiptType.MT_STATUS,
        kind=Kind.STATUS,
        key=("status", about, participant, said, failure.code if failure else ""),
        message_id=about,
        recipient_number=participant,
        task_id=word(fields.get("biz_opaque_callback_data")),
        status=status,
        raw_status=raw_status,
        failure=failure,
        channel_type=CHANNEL_TYPE,
        business_address=batch.address,
        other_addresses=batch.other_addresses,
        account_ids=batch.account_ids,
        identities=people(batch, *named),
        provider_conversation_id=_conversation_id(fields),
        conversation_type=_conversation_type(fields),
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=time_flag(claimed_at)
        | (Flag.UNKNOWN_STATUS if status is Status.UNKNOWN else Flag(0)),
    )


def read_failure(error: Mapping[str, object]) -> Failure:
    """Read one error: its code, and in words all that Meta says of it."""
    details = part(error, "error_data").get("details")
    said = (error.get("title"), error.get("message"), details)
    words = dict.fromkeys(text(each) for each in said if text(each))
    return Failure(code=word(error.get("code")), description=": ".join(words))


def _failure(fields: Mapping[str, object], status: Status) -> Failure | None:
    errors = fields.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            return read_failure(error)
    return Failure() if status in FAILURES else None


def _recipient(fields: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    """Return the number of a group's participant ('' outside a group), and the person."""
    if text(fields.get("recipient_type")).lower() != "group":
        names = ("recipient_id", "recipient_user_id", "recipient_parent_user_id")
        return "", tuple(fields.get(name) for name in names)
    participant = fields.get("recipient_participant_id")
    named = (participant, fields.get("recipient_participant_user_id"))
    return phone(participant), named


def _conversation_id(fields: Mapping[str, object]) -> str:
    told = word(part(fields, "conversation").get("id"))
    if told or text(fields.get("recipient_type")).lower() != "group":
        return told
    return word(fields.get("recipient_id"))


def _conversation_type(fields: Mapping[str, object]) -> str:
    # Since v24 pricing alone says it, but for free entry points.
    origin = part(part(fields, "conversation"), "origin")
    return word(part(fields, "pricing").get("category")) or word(origin.get("type"))
