"""The fold against the stored rows: one statement for any number of messages."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from receipts.processing.fold import STEPS, MessageState
from receipts.processing.json_rows import as_json, recordset, run

STEP_TIMES = tuple(
    f"{step}{suffix}"
    for step in (*STEPS, "failed")
    for suffix in ("_at", "_received_at")
)
_GREATEST_TEXT = (
    "direction business_address task_id reply_to template_code template_name "
    "template_language text"
).split()
_FAILURE = ("failure_status", "error_code", "upstream_code", "error_description")
_TEXTS = (
    "message_id slot number direction channel_type business_address task_id reply_to "
    "template_code template_name template_language content text status failure_key "
    "failure_status error_code upstream_code error_description"
).split()

COLUMN_TYPES = {
    "channel_id": "bigint",
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(("numberless", "progress", "receipts", "recipients"), "integer"),
    "conversation_id": "bigint",
    **dict.fromkeys(STEP_TIMES, "timestamptz"),
    "first_at": "timestamptz",
    "last_at": "timestamptz",
    "legs": "jsonb",
}
COLUMNS = ", ".join(COLUMN_TYPES)
RECORD = ", ".join(f"{name} {kind}" for name, kind in COLUMN_TYPES.items())
# msgspec leaves defaults out of the JSON; these columns have no database default.
DEFAULTS = {
    "slot": "''",
    "numberless": "0",
    "direction": "'mt'",
    "progress": "0",
    "receipts": "0",
    "recipients": "1",
}
VALUES = ", ".join(
    f"coalesce(x.{name}, {DEFAULTS[name]})" if name in DEFAULTS else f"x.{name}"
    for name in COLUMN_TYPES
)

_FAILS_LATER = "excluded.failure_key > coalesce(m.failure_key, '')"
_RICHER = (
    '(m.content IS NULL OR (length(excluded.content), excluded.content COLLATE "C") '
    '> (length(m.content), m.content COLLATE "C"))'
)


def _merges() -> dict[str, str]:
    """Return how each column of a stored row takes what a batch says."""
    merges = {
        name: f'greatest(m.{name} COLLATE "C", excluded.{name} COLLATE "C")'
        for name in _GREATEST_TEXT
    }
    merges |= {name: f"least(m.{name}, excluded.{name})" for name in STEP_TIMES}
    merges |= {
        name: f"CASE WHEN {_FAILS_LATER} THEN excluded.{name} ELSE m.{name} END"
        for name in _FAILURE
    }
    merges |= {
        "content": f"CASE WHEN {_RICHER} THEN coalesce(excluded.content, m.content) "
        "ELSE m.content END",
        "failure_key": "greatest(m.failure_key, excluded.failure_key)",
        "number": "coalesce(m.number, excluded.number)",
        "numberless": "greatest(m.numberless, excluded.numberless)",
        "progress": "greatest(m.progress, excluded.progress)",
        "conversation_id": "coalesce(m.conversation_id, excluded.conversation_id)",
        "first_at": "least(m.first_at, excluded.first_at)",
        "last_at": "greatest(m.last_at, excluded.last_at)",
        "receipts": "m.receipts + excluded.receipts",
        "was_status": "m.status",
        "was_first_at": "m.first_at",
        "was_conversation_id": "m.conversation_id",
    }
    merges["status"] = _status(merges)
    return merges


def _status(merges: dict[str, str]) -> str:
    """Return ``fold.status_of`` in SQL, over the merged columns."""
    progress, failure = merges["progress"], merges["failure_status"]
    words = " ".join(
        f"WHEN {rank} THEN '{step}'"
        for rank, step in zip(range(10, 70, 10), STEPS, strict=True)
    )
    word = f"CASE {progress} {words} END"
    return (
        f"CASE WHEN {merges['direction']} = 'mo' THEN 'received' "
        f"WHEN {progress} >= 40 THEN {word} "
        f"ELSE coalesce({failure}, {word}, 'unknown') END"
    )


_SET = ", ".join(f"{name} = {merge}" for name, merge in _merges().items())
# A row of several recipients or legs is not ours to merge into without a look.
_PLAIN = (
    "m.legs IS NULL AND m.channel_type = excluded.channel_type AND "
    "CASE WHEN m.slot = '' AND m.recipients = 1 "
    "THEN coalesce(m.number = excluded.number, true) "
    "ELSE coalesce(m.number = excluded.number, false) END"
)
RETURNED = (
    "m.channel_id, m.message_id, m.slot, m.conversation_id, m.was_conversation_id, "
    "m.status, m.was_status, m.first_at, m.was_first_at, m.last_at, "
    "m.legs IS NOT NULL, m.recipients, "
    + ", ".join(f"m.{step}_received_at" for step in (*STEPS, "failed"))
)
_UPSERT = (
    f"INSERT INTO receipts_message AS m ({COLUMNS}) SELECT {VALUES} "
    f"FROM {recordset(RECORD)} ORDER BY x.channel_id, x.message_id, x.slot "
    f"ON CONFLICT (channel_id, message_id, slot) DO UPDATE SET {_SET} WHERE {_PLAIN} "
    f"RETURNING {RETURNED}"
)

MessageKey = tuple[int, str]  # channel, message id


class Written(msgspec.Struct, kw_only=True):
    """What a message row says after a change, and said before it (None if new)."""

    channel_id: int
    message_id: str
    slot: str
    conversation_id: int | None
    was_conversation_id: int | None
    status: str | None  # None when the row is gone
    was_status: str | None
    first_at: datetime
    was_first_at: datetime | None
    last_at: datetime
    has_legs: bool
    recipients: int
    received: tuple[datetime | None, ...]  # of each step and of the failure

    @property
    def key(self) -> MessageKey:
        return (self.channel_id, self.message_id)


def written(row: Sequence[Any]) -> Written:
    """Return a row of ``RETURNED`` as a value."""
    return Written(
        channel_id=row[0],
        message_id=row[1],
        slot=row[2],
        conversation_id=row[3],
        was_conversation_id=row[4],
        status=row[5],
        was_status=row[6],
        first_at=row[7],
        was_first_at=row[8],
        last_at=row[9],
        has_legs=row[10],
        recipients=row[11],
        received=tuple(row[12:]),
    )


def _replace(names: Sequence[str]) -> str:
    told = ", ".join(f"{name} = excluded.{name}" for name in names)
    was = "was_status = m.status, was_first_at = m.first_at"
    return f"{told}, {was}, was_conversation_id = m.conversation_id"


_REPLACE = (
    f"INSERT INTO receipts_message AS m ({COLUMNS}) SELECT {VALUES} "
    f"FROM {recordset(RECORD)} ORDER BY x.channel_id, x.message_id, x.slot "
    "ON CONFLICT (channel_id, message_id, slot) DO UPDATE SET "
    f"{_replace(list(COLUMN_TYPES))} RETURNING {RETURNED}"
)


def replace(states: Sequence[MessageState]) -> list[Written]:
    """Write ``states`` over their rows, which the caller has locked."""
    return [written(row) for row in run(_REPLACE, as_json(states))] if states else []


def upsert(states: Sequence[MessageState]) -> list[Written]:
    """Join ``states`` into their rows; rows that need a rebuild are left alone.

    Keys are sorted, so that drains side by side do not lock each other out.
    """
    if not states:
        return []
    return [written(row) for row in run(_UPSERT, as_json(states))]


def count_changes(rows: Sequence[Written]) -> Counter[tuple[int, datetime, str]]:
    """Return by how much the funnel moves: (channel, hour of first_at, status)."""
    moves: Counter[tuple[int, datetime, str]] = Counter()
    for row in rows:
        if row.status:
            moves[row.channel_id, hour_of(row.first_at), row.status] += 1
        if row.was_status and row.was_first_at:
            moves[row.channel_id, hour_of(row.was_first_at), row.was_status] -= 1
    return Counter({place: n for place, n in moves.items() if n})


@lru_cache(maxsize=256)  # the receipts of one callback share their time
def hour_of(moment: datetime) -> datetime:
    """Return the start of the hour of ``moment``, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
