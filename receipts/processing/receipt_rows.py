"""Receipts and sightings as rows, inserted in one statement each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from channels_cfg.wire import Failure
from receipts.processing import bits
from receipts.processing.facts import Fact
from receipts.processing.fold import content_text
from receipts.processing.json_rows import as_json, recordset, run


class ReceiptRow(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A row of ``Receipt``; the types of its columns stand in ``_TYPES``."""

    id: int
    received_at: datetime
    channel_id: int
    callback_id: UUID
    position: int
    digest: bytes
    receipt_type: str
    mode: str
    kind: str
    message_id: str | None = None
    recipient_number: str | None = None
    task_id: str | None = None
    batch_id: str | None = None
    client_batch_id: str | None = None
    reply_to: str | None = None
    conversation_id: int | None = None
    provider_conversation_id: str | None = None
    conversation_type: str | None = None
    status: str | None = None
    raw_status: str | None = None
    raw_detail: str | None = None
    status_description: str | None = None
    error_code: str | None = None
    upstream_code: str | None = None
    error_description: str | None = None
    channel_type: str
    business_address: str | None = None
    identities: tuple[object, ...] | None = None
    template_code: str | None = None
    template_name: str | None = None
    template_language: str | None = None
    template_change: object = None
    message_type: str | None = None
    frame_type: str | None = None
    content: str | None = None
    claimed_at: datetime | None = None
    claimed_meaning: str | None = None
    flags: int
    payload: msgspec.Raw | None = None
    payload_text: str | None = None


_TYPES = {
    "id": "bigint",
    "received_at": "timestamptz",
    "channel_id": "bigint",
    "callback_id": "uuid",
    "position": "integer",
    "conversation_id": "bigint",
    "identities": "jsonb",
    "template_change": "jsonb",
    "claimed_at": "timestamptz",
    "flags": "integer",
    "payload": "json",
}
_FIELDS = ReceiptRow.__struct_fields__
RECORD = ", ".join(f'"{name}" {_TYPES.get(name, "text")}' for name in _FIELDS)
COLUMNS = [name for name in _FIELDS if name != "payload_text"]
EXPRESSIONS = {
    "digest": "decode(x.digest, 'base64')",
    "payload": "coalesce(x.payload_text, x.payload::text)",
}
_INSERT = (
    "INSERT INTO receipts_receipt "
    f"({', '.join(COLUMNS)}, stored_at, xid) SELECT "
    f"{', '.join(EXPRESSIONS.get(name, f'x.{name}') for name in COLUMNS)}, "
    "clock_timestamp(), pg_current_xact_id()::text::bigint "
    f"FROM {recordset(RECORD)}"
)
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
    if facts:
        run(_INSERT, as_json([receipt_row(fact) for fact in facts]))


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
    event = fact.event
    row = ReceiptRow(
        id=fact.receipt_id or 0,
        received_at=fact.received_at,
        channel_id=fact.channel_id,
        callback_id=fact.callback_id,
        position=fact.position,
        digest=fact.digest,
        receipt_type=event.receipt_type,
        mode=fact.mode,
        kind=event.kind,
        message_id=event.message_id or None,
        recipient_number=event.recipient_number or None,
        task_id=event.task_id or None,
        batch_id=event.batch_id or None,
        client_batch_id=event.client_batch_id or None,
        reply_to=event.reply_to or None,
        conversation_id=fact.conversation_id,
        provider_conversation_id=event.provider_conversation_id or None,
        conversation_type=event.conversation_type or None,
        status=event.status,
        raw_status=event.raw_status or None,
        raw_detail=event.raw_detail or None,
        status_description=event.status_description or None,
        channel_type=fact.channel_type,
        business_address=event.business_address or None,
        identities=event.identities or None,
        template_code=event.template_code or None,
        template_name=event.template_name or None,
        template_language=event.template_language or None,
        template_change=event.template,
        message_type=event.message_type or None,
        frame_type=event.frame_type or None,
        content=content_text(event.content) if event.content else None,
        claimed_at=fact.claimed_at,
        claimed_meaning=event.claimed_meaning,
        flags=fact.flags,
    )
    if event.failure is not None:
        _tell_failure(row, event.failure)
    row.payload = _as_raw(fact)
    if row.payload is None:
        row.payload_text = _as_text(fact.payload)
    return row


def _tell_failure(row: ReceiptRow, failure: Failure) -> None:
    row.error_code = failure.code or None
    row.upstream_code = failure.upstream_code or None
    row.error_description = failure.description or None


def _as_raw(fact: Fact) -> msgspec.Raw | None:
    """Return a payload to be passed through as JSON within JSON.

    Not with escapes, which PostgreSQL would try to decode (``\\u0000`` has no text
    there), nor when it had to be sanitised: then it travels as a text.
    """
    if b"\\u" in fact.payload or fact.flags & bits.SANITISED:
        return None
    return msgspec.Raw(fact.payload)


def _as_text(payload: bytes) -> str:
    # The callback keeps the bytes; a database text can hold no NUL.
    return payload.decode("utf-8", "replace").replace("\0", "\ufffd")
