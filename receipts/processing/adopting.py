"""Facts and the conversation of their message: they must name the same one."""

from collections.abc import Sequence

from receipts.processing.facts import Contended, Fact
from receipts.processing.json_rows import run
from receipts.processing.merging import merge
from receipts.processing.messages import Written
from receipts.processing.stored_facts import facts_of

_ROOTS = (
    "SELECT DISTINCT root.id, root.channel_type, root.business_address "
    "FROM receipts_conversation c "
    "JOIN receipts_conversation root ON root.id = coalesce(c.merged_into_id, c.id) "
    "WHERE c.id = ANY(%s)"
)
_REPOINT = (
    "UPDATE receipts_receipt SET conversation_id = %s "
    "WHERE channel_id = %s AND message_id = %s AND conversation_id IS NULL"
)


def adopt(row: Written, facts: Sequence[Fact]) -> None:
    """Let facts of one plain message join the conversation that its row names.

    Another drain may have folded a fact of the same message meanwhile, under a
    conversation of its own: then both are one person's. Raises ``Contended``.
    """
    if row.conversation_id is None:
        return
    named = {fact.conversation_id for fact in facts} - {None, row.conversation_id}
    if not named and all(fact.conversation_id for fact in facts):
        return
    root = one_root([row.conversation_id, *filter(None, named)], facts[0])
    for fact in facts:
        if root is not None:
            fact.conversation_id = root


def found_homes(rows: Sequence[Written]) -> list[Fact]:
    """Return the earlier facts of messages that only now have a conversation.

    Nobody could tell whose they were; their receipts are pointed at it, too.
    """
    homes = {row.key: row for row in rows if _has_found_home(row)}
    for row in homes.values():
        run(_REPOINT, row.conversation_id, row.channel_id, row.message_id)
    facts = facts_of(homes)
    for fact in facts:
        row = homes[fact.channel_id, fact.event.message_id]
        fact.conversation_id = row.conversation_id
    return facts


def _has_found_home(row: Written) -> bool:
    is_known = row.was_status is not None and not row.slot
    return is_known and row.was_conversation_id is None and bool(row.conversation_id)


def one_root(conversation_ids: Sequence[int], fact: Fact) -> int | None:
    """Merge the conversations of ``fact``'s scope among those; return the survivor."""
    wanted = fact.scope[1:]
    roots = [r for r, *scope in run(_ROOTS, conversation_ids) if tuple(scope) == wanted]
    if len(roots) > 1 and not merge(roots):
        raise Contended("conversations of one message")
    return min(roots, default=None)
