"""What the indexes know of a person is removed, some messages at a time.

Each step is one short transaction behind the gate: no drain is in the middle of
anything. Counts stay as they are. Keys stay, marked: what repeats an erased receipt
is known as a repeat, and nothing of it is kept.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from receipts.erasure.person import Person
from receipts.processing import gate
from receipts.processing.activity import note_activity
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.messages import MessageKey
from receipts.processing.rebuild import rebuild
from receipts.processing.redacted import redact
from receipts.processing.remeasuring import remeasure

_MESSAGES = 20  # at once: their callbacks may be large
_EVENTS = 50

_KEY = "channel_id bigint, message_id text"
_FIND = """
(SELECT channel_id, message_id FROM receipts_message
    WHERE conversation_id = ANY(%s) LIMIT %s)
UNION
(SELECT m.channel_id, m.message_id FROM receipts_messagereference r
    JOIN receipts_message m ON m.id = r.message_id
    WHERE r.conversation_id = ANY(%s) LIMIT %s)
"""
# Ids under which somebody else got the same message, too.
_SHARED = (
    "SELECT DISTINCT m.channel_id, m.message_id FROM receipts_message m "
    f"JOIN {recordset(_KEY)} ON m.channel_id = x.channel_id "
    "AND m.message_id = x.message_id WHERE m.conversation_id <> ALL(%s) "
    "AND NOT EXISTS (SELECT FROM receipts_messagereference r "
    "WHERE r.message_id = m.id AND r.conversation_id = ANY(%s))"
)
_PLACE = "r.id, r.received_at, r.channel_id, r.digest, r.callback_id, r.position"
_RECEIPTS = (
    f"SELECT {_PLACE} FROM {recordset(_KEY)} JOIN receipts_receipt r "
    "ON r.message_id = x.message_id AND r.channel_id = x.channel_id"
)
_OWN = f"{_RECEIPTS} WHERE r.conversation_id = ANY(%s) OR r.recipient_number = ANY(%s)"
_LEFT = f"SELECT {_PLACE} FROM receipts_receipt r WHERE r.conversation_id = ANY(%s) LIMIT %s"
_REPEATS = (
    "SELECT callback_id, received_at, position FROM receipts_sighting "
    "WHERE receipt_id = ANY(%s)"
)
_MARK_KEYS = (
    "UPDATE receipts_receiptkey AS k SET receipt_id = -abs(k.receipt_id) FROM "
    f"{recordset('channel_id bigint, digest text, id bigint')} "
    "WHERE k.channel_id = x.channel_id AND k.digest = decode(x.digest, 'base64') "
    "AND abs(k.receipt_id) = x.id"
)
_DROP_RECEIPTS = (
    "DELETE FROM receipts_receipt AS r USING "
    f"{recordset('id bigint, received_at timestamptz')} "
    "WHERE r.id = x.id AND r.received_at = x.received_at RETURNING 1"
)
_DROP_SIGHTINGS = "DELETE FROM receipts_sighting WHERE receipt_id = ANY(%s) RETURNING 1"
_DROP_REFERENCES = (
    f"DELETE FROM receipts_messagereference WHERE message_id IN (SELECT m.id FROM {recordset(_KEY)} "
    "JOIN receipts_message m ON m.channel_id = x.channel_id AND m.message_id = x.message_id)"
)
_DROP_MESSAGES = (
    f"DELETE FROM receipts_message AS m USING {recordset(_KEY)} "
    "WHERE m.channel_id = x.channel_id AND m.message_id = x.message_id RETURNING 1"
)
_DROP_OWN_ROWS = (
    "WITH gone AS (SELECT id FROM receipts_message WHERE conversation_id = ANY(%s)), "
    "refs AS (DELETE FROM receipts_messagereference "
    "WHERE message_id IN (SELECT id FROM gone)) "
    "DELETE FROM receipts_message WHERE id IN (SELECT id FROM gone)"
)


class Place(msgspec.Struct, frozen=True):
    """Where a receipt is, and where it came from."""

    id: int
    received_at: datetime
    channel_id: int
    digest: bytes
    callback_id: UUID
    position: int


def remove_messages(person: Person) -> Counter[str]:
    """Remove some messages with all that was told of them; nothing if none is left."""
    ids = list(person.conversations)
    with transaction.atomic():
        gate.close()
        keys = _keys(run(_FIND, ids, _MESSAGES, ids, _MESSAGES))
        if not keys:
            return Counter()
        shared = _keys(run(_SHARED, _json(keys), ids, ids))
        whole = keys - shared
        removed = forget(_places(run(_RECEIPTS, _json(whole))))
        run(_DROP_REFERENCES, _json(whole))
        removed["messages"] = len(run(_DROP_MESSAGES, _json(whole))) + len(shared)
        if shared:
            own = _places(run(_OWN, _json(shared), ids, person.phones))
            removed += forget(own)
            fold_anew(shared)
            run(_DROP_OWN_ROWS, ids)
    return removed


def remove_events(person: Person) -> Counter[str]:
    """Remove some receipts of the person that belong to no message."""
    with transaction.atomic():
        gate.close()
        return forget(_places(run(_LEFT, list(person.conversations), _EVENTS)))


def remove_conversations(person: Person) -> Counter[str]:
    """Remove identities and conversations; nothing while something names them yet."""
    ids = list(person.conversations)
    with transaction.atomic():
        gate.close()
        if run(_FIND, ids, 1, ids, 1) or run(_LEFT, ids, 1):
            return Counter()
        identities = run(
            "DELETE FROM receipts_conversationidentity "
            "WHERE conversation_id = ANY(%s) RETURNING 1",
            ids,
        )
        run(
            "DELETE FROM receipts_conversation "
            "WHERE id = ANY(%s) AND merged_into_id IS NOT NULL",
            ids,
        )
        run("DELETE FROM receipts_conversation WHERE id = ANY(%s)", ids)
    return Counter(identities=len(identities), conversations=len(ids))


def forget(places: Sequence[Place]) -> Counter[str]:
    """Remove receipts, their repeats, and the items they came from.

    Call behind the gate. The messages that they were of are the caller's.
    """
    removed: Counter[str] = Counter()
    if not places:
        return removed
    ids = [place.id for place in places]
    where = [(p.callback_id, p.received_at, p.position) for p in places]
    removed["callback items"] = _redact([*where, *run(_REPEATS, ids)])
    run(_MARK_KEYS, as_json(places))
    removed["sightings"] = len(run(_DROP_SIGHTINGS, ids))
    removed["receipts"] = len(run(_DROP_RECEIPTS, as_json(places)))
    return removed


def fold_anew(keys: Iterable[MessageKey]) -> None:
    """Fold messages from what is left of them; the funnel of counts stays as it is."""
    rebuilt = rebuild({key: [] for key in keys})
    note_activity(rebuilt.facts, rebuilt.rows)
    remeasure(rebuilt.rows)


def _redact(where: Iterable[Sequence[Any]]) -> int:
    by_callback: dict[tuple[UUID, datetime], set[int]] = {}
    for callback_id, received_at, position in where:
        by_callback.setdefault((callback_id, received_at), set()).add(position)
    return sum(
        redact(*callback, gone) for callback, gone in sorted(by_callback.items())
    )


def _keys(rows: Iterable[Sequence[Any]]) -> set[MessageKey]:
    return {(channel, message) for channel, message in rows}


def _places(rows: Iterable[Sequence[Any]]) -> list[Place]:
    return [place(row) for row in rows]


def place(row: Sequence[Any]) -> Place:
    """Return the columns of a place as a value."""
    return Place(row[0], row[1], row[2], bytes(row[3]), row[4], row[5])


def _json(keys: Iterable[MessageKey]) -> str:
    return as_json([{"channel_id": c, "message_id": m} for c, m in sorted(keys)])
