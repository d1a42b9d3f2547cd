"""Conversations that turned out to be one person's become one.

The oldest id survives. Messages and receipts that name a merged one are re-pointed
later, in bounded batches (``settling.py``); until then reads cover both.
"""

from collections.abc import Collection

from receipts.processing.json_rows import run

_LOCK = (
    "SELECT id, merged_into_id FROM receipts_conversation "
    "WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
)
_SUM = """
UPDATE receipts_conversation AS survivor SET
    first_at = least(survivor.first_at, others.first_at),
    last_at = greatest(survivor.last_at, others.last_at),
    last_inbound_at = greatest(survivor.last_inbound_at, others.last_inbound_at),
    messages = survivor.messages + others.messages
FROM (
    SELECT min(first_at) AS first_at, max(last_at) AS last_at,
        max(last_inbound_at) AS last_inbound_at, sum(messages) AS messages
    FROM receipts_conversation WHERE id = ANY(%s)
) AS others WHERE survivor.id = %s
"""
_MOVE_IDENTITIES = """
UPDATE receipts_conversationidentity AS i SET conversation_id = %s
WHERE conversation_id = ANY(%s) AND NOT (
    i.kind = 'username' AND EXISTS (
        SELECT FROM receipts_conversationidentity AS same
        WHERE same.conversation_id = ANY(%s) AND same.kind = 'username'
        AND same.value = i.value AND (same.conversation_id, same.id) < (i.conversation_id, i.id)
    )
)
"""
_DROP_DOUBLED_NAMES = (
    "DELETE FROM receipts_conversationidentity "
    "WHERE conversation_id = ANY(%s) AND kind = 'username'"
)
_MOVE_REFERENCES = """
WITH moved AS (
    DELETE FROM receipts_messagereference WHERE conversation_id = ANY(%s)
    RETURNING message_id, at
)
INSERT INTO receipts_messagereference (message_id, conversation_id, at)
SELECT message_id, %s, min(at) FROM moved GROUP BY message_id
ON CONFLICT (message_id, conversation_id) DO NOTHING
"""
_POINT = (
    "UPDATE receipts_conversation SET merged_into_id = %s, messages = 0, "
    "is_settled = false WHERE id = ANY(%s) OR merged_into_id = ANY(%s)"
)

_ROOTS = (
    "SELECT DISTINCT coalesce(merged_into_id, id) FROM receipts_conversation "
    "WHERE id = ANY(%s)"
)


def current_roots(conversation_ids: Collection[int]) -> set[int]:
    """Return the conversations that those are part of by now."""
    return {root for (root,) in run(_ROOTS, list(conversation_ids))}


def merge(roots: Collection[int]) -> bool:
    """Merge conversations, all of them roots, into the oldest.

    False when one of them is no root any more: another drain merged it meanwhile, and
    what it is part of must be looked up again.
    """
    if any(merged for _, merged in run(_LOCK, sorted(roots))):
        return False
    survivor, *others = sorted(roots)
    run(_SUM, others, survivor)
    run(_MOVE_IDENTITIES, survivor, others, [survivor, *others])
    run(_DROP_DOUBLED_NAMES, others)
    run(_MOVE_REFERENCES, others, survivor)
    run(_POINT, survivor, others, others)
    return True
