"""What a callback's items gave before, and how a new reading takes its place."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from receipts.processing.counts import append_receipt_counts
from receipts.processing.facts import Fact
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.messages import hour_of
from receipts.processing.receipt_rows import (
    COLUMNS,
    NEVER_NULL,
    insert_sightings,
    receipt_row,
)

_RECEIPTS = (
    "SELECT position, true, id, channel_id, digest, message_id, kind, status, "
    "error_code, template_code, received_at FROM receipts_receipt "
    "WHERE callback_id = %s AND received_at = %s"
)
_SIGHTINGS = (
    "SELECT s.position, false, s.receipt_id, r.channel_id, r.digest, r.message_id, "
    "r.kind, r.status, r.error_code, r.template_code, r.received_at "
    "FROM receipts_sighting s JOIN receipts_receipt r ON r.id = s.receipt_id "
    "WHERE s.callback_id = %s AND s.received_at = %s"
)
_KEPT = frozenset({"id", "received_at", "callback_id", "position"})
# Columns that are no texts.
_TYPES = {
    "channel_id": "bigint",
    "conversation_id": "bigint",
    "identities": "jsonb",
    "template_change": "jsonb",
    "claimed_at": "timestamptz",
    "flags": "integer",
}


def _value(name: str) -> str:
    if name in NEVER_NULL:
        return f"x.{name}"
    return f"nullif(x.{name}, '')::{_TYPES.get(name, 'text')}"


_TEXTS = ", ".join(f'"{name}" text' for name in COLUMNS)
_UPDATE = (
    "UPDATE receipts_receipt AS r SET "
    + ", ".join(f"{name} = {_value(name)}" for name in COLUMNS if name not in _KEPT)
    + f" FROM {recordset(_TEXTS)} "
    "WHERE r.id = x.id::bigint AND r.received_at = x.received_at::timestamptz"
)
_UPDATE_KEYS = (
    "UPDATE receipts_receiptkey AS k SET reading = x.reading FROM "
    f"{recordset('channel_id bigint, digest text, reading bigint')} "
    "WHERE k.channel_id = x.channel_id AND k.digest = decode(x.digest, 'base64')"
)
_UPDATE_SIGHTINGS = (
    "UPDATE receipts_sighting AS s SET reading = x.reading, "
    "conversation_id = x.conversation_id FROM "
    + recordset(
        'callback_id uuid, "position" integer, reading text, conversation_id bigint'
    )
    + " WHERE s.callback_id = x.callback_id AND s.position = x.position"
)
_DROP_RECEIPT = "DELETE FROM receipts_receipt WHERE id = %s AND received_at = %s"
_DROP_KEY = (
    "DELETE FROM receipts_receiptkey "
    "WHERE channel_id = %s AND digest = %s AND receipt_id = %s"
)
_DROP_SIGHTING = (
    "DELETE FROM receipts_sighting WHERE callback_id = %s AND position = %s"
)
_FOLLOW = "UPDATE receipts_sighting SET receipt_id = %s WHERE receipt_id = %s"


class Before(msgspec.Struct, frozen=True):
    """What an item gave: a receipt of its own, or a sighting of another's."""

    position: int
    is_new: bool
    receipt_id: int
    channel_id: int
    digest: bytes
    message_id: str | None
    kind: str
    status: str | None
    error_code: str | None
    template_code: str | None
    received_at: datetime  # of the receipt

    def is_same_key(self, fact: Fact) -> bool:
        """Whether the new reading makes the same receipt."""
        return (self.channel_id, self.digest) == (fact.channel_id, fact.digest)


def before(callback_id: UUID, received_at: datetime) -> dict[int, Before]:
    """Return what each item of a callback gave, by position."""
    rows = [
        *run(_SIGHTINGS, callback_id, received_at),
        *run(_RECEIPTS, callback_id, received_at),
    ]
    return {row[0]: Before(*row) for row in rows}


def forget(callback_id: UUID, gone: Collection[Before]) -> None:
    """Remove what items gave that give something else, or nothing, now."""
    for old in gone:
        if old.is_new:
            run(_DROP_RECEIPT, old.receipt_id, old.received_at)
            run(_DROP_KEY, old.channel_id, old.digest, old.receipt_id)
        else:
            run(_DROP_SIGHTING, callback_id, old.position)


def sight_again(gone: Sequence[Fact]) -> None:
    """Note repeats of receipts that are kept no longer, each once."""
    for fact in gone:
        run(_DROP_SIGHTING, fact.callback_id, fact.position)
    insert_sightings(gone)


def follow(old: Before, fact: Fact) -> None:
    """Let the repeats of a receipt that was replaced count for the new one."""
    if old.is_new:
        run(_FOLLOW, fact.receipt_id, old.receipt_id)


def replace_readings(facts: Sequence[Fact]) -> None:
    """Write new readings over receipts and sightings that keep their key."""
    own = [fact for fact in facts if fact.is_new]
    if own:
        run(_UPDATE, as_json([receipt_row(fact) for fact in own]))
        run(_UPDATE_KEYS, as_json([_key_row(fact) for fact in own]))
    repeats = [
        {
            "callback_id": fact.callback_id,
            "position": fact.position,
            "reading": msgspec.json.encode(fact.event).decode(),
            "conversation_id": fact.conversation_id,
        }
        for fact in facts
        if not fact.is_new
    ]
    if repeats:
        run(_UPDATE_SIGHTINGS, as_json(repeats))


def _key_row(fact: Fact) -> dict[str, object]:
    return {
        "channel_id": fact.channel_id,
        "digest": fact.digest,
        "reading": fact.reading,
    }


def uncount(olds: Collection[Before]) -> None:
    """Take what receipts had added to their hours away again."""
    append_receipt_counts(
        Counter(
            {
                key: -n
                for key, n in Counter(
                    (
                        hour_of(old.received_at),
                        old.channel_id,
                        old.kind,
                        old.status,
                        old.error_code,
                        old.template_code,
                    )
                    for old in olds
                    if old.is_new
                ).items()
            }
        )
    )
