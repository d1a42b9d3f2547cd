"""What could not be read is set aside with its reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.reading import SetAside

_RECORD = (
    "channel_id bigint, callback_id uuid, received_at timestamptz, "
    '"position" integer, reason text, cause text, item text'
)
_INSERT = (
    "INSERT INTO receipts_quarantineditem AS q (channel_id, callback_id, received_at, "
    "position, reason, cause, item, state, note, created_at) SELECT x.channel_id, "
    "x.callback_id, x.received_at, x.position, x.reason, x.cause, "
    f"decode(x.item, 'base64'), 'open', '', clock_timestamp() FROM {recordset(_RECORD)} "
    "ORDER BY x.callback_id, x.position ON CONFLICT (callback_id, position) DO UPDATE "
    "SET reason = excluded.reason, cause = excluded.cause, "
    "state = CASE q.state WHEN 'ignored' THEN 'ignored' ELSE 'open' END, "
    "closed_at = CASE q.state WHEN 'ignored' THEN q.closed_at END"
)


class _Row(msgspec.Struct):
    channel_id: int
    callback_id: UUID
    received_at: datetime
    position: int | None
    reason: str
    cause: str
    item: bytes


def set_aside(items: Sequence[SetAside]) -> None:
    """Quarantine items; one that was there already takes the new reason."""
    rows = [
        _Row(
            each.channel_id,
            each.callback_id,
            each.received_at,
            each.position,
            each.reason.replace("\0", "\ufffd"),
            each.cause.replace("\0", "\ufffd"),
            each.item,
        )
        for each in items
    ]
    if rows:
        run(_INSERT, as_json(rows))
