"""Facts read back from receipts and sightings, for messages that are rebuilt."""

from collections.abc import Iterable
from typing import Any

import msgspec

from channels_cfg.wire import (
    Content,
    Failure,
    Identity,
    Kind,
    ReceiptEvent,
    ReceiptType,
    Status,
)
from receipts.processing.facts import Fact, usable_claim
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.messages import MessageKey

_COLUMNS = (
    "id received_at channel_id callback_id position mode receipt_type kind message_id "
    "recipient_number task_id reply_to status error_code upstream_code "
    "error_description channel_type business_address identities template_code "
    "template_name template_language content claimed_at flags conversation_id"
).split()
_FIND = (
    f"SELECT {', '.join(f'r.{name}' for name in _COLUMNS)} "
    f"FROM {recordset('channel_id bigint, message_id text')} "
    "JOIN receipts_receipt r ON r.message_id = x.message_id "
    "AND r.channel_id = x.channel_id"
)
_REPEATS = (
    "SELECT receipt_id, received_at, conversation_id, reading FROM receipts_sighting "
    "WHERE receipt_id = ANY(%s)"
)


def facts_of(keys: Iterable[MessageKey]) -> list[Fact]:
    """Return all facts that are kept of some messages: receipts, then repeats.

    Only what the fold looks at is filled in. ``is_new`` is True for receipts.
    """
    wanted = [{"channel_id": key[0], "message_id": key[1]} for key in keys]
    rows = run(_FIND, as_json(wanted)) if wanted else []
    first = {row[0]: _fact(dict(zip(_COLUMNS, row, strict=True))) for row in rows}
    repeats = run(_REPEATS, list(first)) if first else []
    return [
        *first.values(),
        *(_repeat(first[receipt_id], *told) for receipt_id, *told in repeats),
    ]


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(
        event=_event(row),
        callback_id=row["callback_id"],
        position=row["position"],
        received_at=row["received_at"],
        offered_at=row["received_at"],
        mode=row["mode"],
        channel_id=row["channel_id"],
        channel_type=row["channel_type"],
        payload=b"",
        digest=b"",
        reading=0,
        claimed_at=row["claimed_at"],
        flags=row["flags"],
        receipt_id=row["id"],
        is_new=True,
        conversation_id=row["conversation_id"],
    )


def _event(row: dict[str, Any]) -> ReceiptEvent:
    failure = Failure(
        code=row["error_code"] or "",
        upstream_code=row["upstream_code"] or "",
        description=row["error_description"] or "",
    )
    content = row["content"]
    return ReceiptEvent(
        receipt_type=ReceiptType(row["receipt_type"]),
        kind=Kind(row["kind"]),
        key=(),
        status=Status(row["status"]) if row["status"] else None,
        failure=failure if failure != Failure() else None,
        identities=msgspec.convert(row["identities"] or [], tuple[Identity, ...]),
        content=msgspec.json.decode(content, type=Content) if content else None,
        claimed_at=row["claimed_at"],
        message_id=row["message_id"] or "",
        recipient_number=row["recipient_number"] or "",
        task_id=row["task_id"] or "",
        reply_to=row["reply_to"] or "",
        business_address=row["business_address"] or "",
        template_code=row["template_code"] or "",
        template_name=row["template_name"] or "",
        template_language=row["template_language"] or "",
    )


def _repeat(
    first: Fact, received_at: Any, conversation_id: int | None, reading: str | None
) -> Fact:
    event = first.event
    claimed_at = first.claimed_at
    if reading is not None:
        event = msgspec.json.decode(reading, type=ReceiptEvent)
        claimed_at, _ = usable_claim(event.claimed_at, received_at)
    return msgspec.structs.replace(
        first,
        event=event,
        received_at=received_at,
        claimed_at=claimed_at,
        conversation_id=conversation_id,
        is_new=False,
        known_keys=None,
    )
