"""One transaction that writes what a batch told: all of it, or nothing.

The order of the steps is the order in which rows are locked, the same in every drain.
"""

from collections.abc import Sequence

from receipts.processing import once, people
from receipts.processing.activity import note_activity
from receipts.processing.adopting import adopt, found_homes
from receipts.processing.counts import count_messages, count_receipts
from receipts.processing.facts import Fact
from receipts.processing.flagging import flag_against
from receipts.processing.fold import MessageState, fold
from receipts.processing.messages import MessageKey, Written, upsert
from receipts.processing.rebuild import rebuild
from receipts.processing.receipt_rows import insert_receipts, insert_sightings
from receipts.processing.remeasuring import remeasure
from receipts.processing.stored import StoredMessage, stored_messages
from receipts.processing.templates import keep_templates


def keep(facts: Sequence[Fact]) -> None:
    """Keep what is new of ``facts`` and fold all of them, repeats too.

    Of a repeat whose receipt is kept no longer it is noted that it came, no more. Call
    within a transaction. Raises ``Contended`` when it must be tried again.
    """
    once.settle(facts)
    insert_sightings([fact for fact in facts if fact.is_gone])
    facts = [fact for fact in facts if not fact.is_gone]
    about = _by_message(facts)
    stored = stored_messages(about)
    people.resolve(facts, [row for rows in stored.values() for row in rows])
    changed, left = _fold(about, stored)
    insert_receipts([fact for fact in facts if fact.is_new])
    insert_sightings([fact for fact in facts if not fact.is_new])
    earlier = found_homes(changed)
    rebuilt = rebuild({key: about[key] for key in left})
    changed += rebuilt.rows
    note_activity([*facts, *earlier, *rebuilt.facts], changed)
    remeasure(rebuilt.rows)
    keep_templates(facts)
    count_receipts([fact for fact in facts if fact.is_new])
    count_messages(changed)


def _by_message(facts: Sequence[Fact]) -> dict[MessageKey, list[Fact]]:
    grouped: dict[MessageKey, list[Fact]] = {}
    for fact in facts:
        if fact.is_of_message:
            key = (fact.channel_id, fact.event.message_id)
            grouped.setdefault(key, []).append(fact)
    return grouped


def _fold(
    about: dict[MessageKey, list[Fact]],
    stored: dict[MessageKey, list[StoredMessage]],
) -> tuple[list[Written], list[MessageKey]]:
    """Fold what is plain; return the rows that changed and what must be rebuilt."""
    states = [_plain(facts, stored.get(key, [])) for key, facts in about.items()]
    changed = upsert([state for state in states if state is not None])
    for row in changed:
        of_message = about[row.key]
        adopt(row, of_message)
        flag_against(row.received, of_message)
    folded = {row.key for row in changed}
    return changed, [key for key in sorted(about) if key not in folded]


def _plain(facts: Sequence[Fact], rows: Sequence[StoredMessage]) -> MessageState | None:
    """Fold facts that are of one recipient and one leg; None if they may not be."""
    legs = {fact.channel_type for fact in facts} | {row.channel_type for row in rows}
    if len(legs) > 1 or any(row.has_legs for row in rows):
        return None
    numbers = {fact.number for fact in facts}
    if len(rows) > 1:
        slots = [row.slot for row in rows if {row.number} == numbers]
        return fold(facts, slot=slots[0]) if slots and None not in numbers else None
    numbers |= {row.number for row in rows}
    return fold(facts) if len(numbers - {None}) <= 1 else None
