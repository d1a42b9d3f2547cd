"""Receipts and sightings as rows, each kind inserted by one statement."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from msgspec import to_builtins  # of a time: its text, at a tenth of isoformat's cost
from msgspec.structs import astuple

from channels_cfg.wire import Failure, ReceiptEvent
from receipts.processing.copying import as_line, copy_in
from receipts.processing.facts import Fact
from receipts.processing.fold import content_text
from receipts.processing.json_rows import as_json, recordset, run


class ReceiptRow(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A row of ``Receipt``, its values as PostgreSQL writes them; ``''`` is NULL."""

    id: str = ""
    received_at: str = ""
    channel_id: str = ""
    callback_id: str = ""
    position: str = ""
    receipt_type: str = ""
    mode: str = ""
    kind: str = ""
    message_id: str = ""
    recipient_number: str = ""
    task_id: str = ""
    batch_id: str = ""
    client_batch_id: str = ""
    reply_to: str = ""
    conversation_id: str = ""
    provider_conversation_id: str = ""
    conversation_type: str = ""
    status: str = ""
    raw_status: str = ""
    raw_detail: str = ""
    status_description: str = ""
    error_code: str = ""
    upstream_code: str = ""
    error_description: str = ""
    channel_type: str = ""
    business_address: str = ""
    identities: str = ""
    template_code: str = ""
    template_name: str = ""
    template_language: str = ""
    template_change: str = ""
    message_type: str = ""
    frame_type: str = ""
    content: str = ""
    claimed_at: str = ""
    claimed_meaning: str = ""
    flags: str = ""
    payload: str = ""


COLUMNS = ReceiptRow.__struct_fields__
NEVER_NULL = ("channel_type", "payload")  # texts that may be empty
_STAMP = "SELECT clock_timestamp()::text, pg_current_xact_id()::text"
_SIGHTING_RECORD = (
    "received_at timestamptz, receipt_id bigint, channel_id bigint, "
    'callback_id uuid, "position" integer, mode text, conversation_id bigint, reading text'
)
_INSERT_SIGHTINGS = (
    "INSERT INTO receipts_sighting (id, received_at, receipt_id, channel_id, "
    "callback_id, position, mode, conversation_id, reading) SELECT "
    "nextval('receipts_sighting_id_seq'), x.* "
    f"FROM {recordset(_SIGHTING_RECORD)}"
)


def insert_receipts(facts: Sequence[Fact]) -> None:
    """Insert the receipts of new facts; ``receipt_id`` and the rest are settled."""
    if not facts:
        return
    ((stored_at, xid),) = run(_STAMP)
    copy_in(
        "receipts_receipt",
        (*COLUMNS, "digest", "stored_at", "xid"),
        (
            as_line((*astuple(receipt_row(f)), f"\\x{f.digest.hex()}", stored_at, xid))
            for f in facts
        ),
        texts=NEVER_NULL,
    )


class _SightingRow(msgspec.Struct, omit_defaults=True):
    received_at: datetime
    receipt_id: int | None
    channel_id: int
    callback_id: UUID
    position: int
    mode: str
    conversation_id: int | None
    reading: str | None


def insert_sightings(facts: Sequence[Fact]) -> None:
    """Insert a sighting for each repeat, with its reading where that tells more."""
    rows = [
        _SightingRow(
            fact.received_at,
            fact.receipt_id,
            fact.channel_id,
            fact.callback_id,
            fact.position,
            fact.mode,
            fact.conversation_id,
            msgspec.json.encode(fact.event).decode() if fact.reading else None,
        )
        for fact in facts
    ]
    if rows:
        run(_INSERT_SIGHTINGS, as_json(rows))


def receipt_row(fact: Fact) -> ReceiptRow:
    """Return the row of a new fact."""
    row = _as_told(fact.event)
    row.id = str(fact.receipt_id)
    row.received_at = to_builtins(fact.received_at)
    row.channel_id = str(fact.channel_id)
    row.callback_id = _uuid(fact.callback_id)
    row.position = str(fact.position)
    row.mode = fact.mode
    row.conversation_id = str(fact.conversation_id or "")
    row.channel_type = fact.channel_type
    row.claimed_at = to_builtins(fact.claimed_at) if fact.claimed_at else ""
    row.flags = str(fact.flags)
    # The callback keeps the bytes; a database text can hold no NUL.
    row.payload = fact.payload.decode("utf-8", "replace").replace("\0", "\ufffd")
    return row


def _as_told(event: ReceiptEvent) -> ReceiptRow:
    """Return what the event itself tells of a row."""
    failure = event.failure or _NO_FAILURE
    return ReceiptRow(
        receipt_type=event.receipt_type,
        kind=event.kind,
        message_id=event.message_id,
        recipient_number=event.recipient_number,
        task_id=event.task_id,
        batch_id=event.batch_id,
        client_batch_id=event.client_batch_id,
        reply_to=event.reply_to,
        provider_conversation_id=event.provider_conversation_id,
        conversation_type=event.conversation_type,
        status=event.status or "",
        raw_status=event.raw_status,
        raw_detail=event.raw_detail,
        status_description=event.status_description,
        error_code=failure.code,
        upstream_code=failure.upstream_code,
        error_description=failure.description,
        business_address=event.business_address,
        identities=_json(event.identities) if event.identities else "",
        template_code=event.template_code,
        template_name=event.template_name,
        template_language=event.template_language,
        template_change=_json(event.template) if event.template else "",
        message_type=event.message_type,
        frame_type=event.frame_type,
        content=content_text(event.content) if event.content else "",
        claimed_meaning=event.claimed_meaning or "",
    )


_NO_FAILURE = Failure()
# The receipts of one callback come one after another.
_uuid = lru_cache(maxsize=16)(str)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
