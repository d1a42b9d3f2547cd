"""Times of conversations worked out anew, where a message changed hands.

Facts that name no number belong to the smallest number of their message, so a new
number may take them from the conversation that they were counted for.
"""

from collections.abc import Collection

from receipts.processing.json_rows import run, run_named
from receipts.processing.merging import current_roots
from receipts.processing.messages import Written

_LOCK = (
    "SELECT id FROM receipts_conversation WHERE id = ANY(%s) ORDER BY id "
    "FOR NO KEY UPDATE"
)
_CLUSTER = (
    "SELECT array_agg(id) FROM receipts_conversation "
    "WHERE id = %s OR merged_into_id = %s"
)
_MEASURE = """
UPDATE receipts_conversation SET
    first_at = coalesce(least(
        (SELECT min(first_at) FROM receipts_message WHERE conversation_id = ANY(%(all)s)),
        (SELECT min(coalesce(claimed_at, received_at)) FROM receipts_receipt
            WHERE conversation_id = ANY(%(all)s) AND kind = 'subscription')
    ), first_at),
    last_at = coalesce(greatest(
        (SELECT max(last_at) FROM receipts_message WHERE conversation_id = ANY(%(all)s)),
        (SELECT max(received_at) FROM receipts_receipt
            WHERE conversation_id = ANY(%(all)s) AND kind = 'subscription')
    ), last_at),
    last_inbound_at = (SELECT max(last_at) FROM receipts_message
        WHERE conversation_id = ANY(%(all)s) AND direction = 'mo')
WHERE id = %(root)s
"""


def remeasure(rows: Collection[Written]) -> None:
    """Measure the conversations of messages with several recipients anew."""
    touched = {
        conversation_id
        for row in rows
        if row.recipients > 1
        for conversation_id in (row.conversation_id, row.was_conversation_id)
        if conversation_id is not None
    }
    if not touched:
        return
    roots = sorted(current_roots(touched))
    run(_LOCK, roots)
    for root in roots:
        ((cluster,),) = run(_CLUSTER, root, root)
        run_named(_MEASURE, {"all": cluster, "root": root})
