"""The latest message of each of some conversations, in one statement."""

from collections.abc import Mapping

from receipts.models import Message

_LATEST = (
    "SELECT m.* FROM unnest(%s::bigint[]) AS c(id) CROSS JOIN LATERAL ("
    "SELECT * FROM receipts_message WHERE conversation_id = c.id "
    "ORDER BY last_at DESC, id DESC LIMIT 1) AS m"
)


def latest(roots: Mapping[int, int]) -> dict[int, Message]:
    """Return the latest message by surviving conversation.

    ``roots`` names the survivor of every conversation of each cluster.
    """
    found: dict[int, Message] = {}
    for message in Message.objects.raw(_LATEST, [list(roots)]):
        root = roots[message.conversation_id or 0]
        before = found.get(root)
        if before is None or before.last_at < message.last_at:
            found[root] = message
    return found
