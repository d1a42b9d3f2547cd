"""Messages that are folded anew from their receipts, under a lock on their id.

For a message id with several recipient numbers or several legs, and after a replay.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from channels_cfg.wire import RANKS
from receipts.processing.adopting import one_root
from receipts.processing.facts import Fact
from receipts.processing.flagging import flag_against
from receipts.processing.fold import MessageState, fold_legs, legs_of
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.messages import RETURNED, MessageKey, Written, replace, written
from receipts.processing.stored import StoredMessage, stored_messages
from receipts.processing.stored_facts import facts_of

# A row that says nothing yet: it is there to be locked.
_PLACEHOLDER = (
    "INSERT INTO receipts_message (channel_id, message_id, slot, numberless, "
    "recipients, direction, channel_type, status, progress, first_at, last_at, receipts) "
    "SELECT x.channel_id, x.message_id, '', 0, 1, 'mt', '', '', 0, now(), now(), 0 FROM "
    f"{recordset('channel_id bigint, message_id text')} ORDER BY 1, 2 "
    "ON CONFLICT DO NOTHING"
)
_LOCK = (
    "SELECT m.id FROM receipts_message m "
    f"JOIN {recordset('channel_id bigint, message_id text')} "
    "ON m.channel_id = x.channel_id AND m.message_id = x.message_id "
    "ORDER BY m.channel_id, m.message_id, m.slot FOR UPDATE OF m"
)
_SAME = (
    f"{recordset('channel_id bigint, message_id text, slot text')} "
    "JOIN receipts_message m ON m.channel_id = x.channel_id "
    "AND m.message_id = x.message_id AND m.slot = x.slot"
)
_DROP_REFERENCES = (
    "DELETE FROM receipts_messagereference "
    f"WHERE message_id IN (SELECT m.id FROM {_SAME})"
)
# The row without a slot is the last to go.
_REMEMBER = (
    f"INSERT INTO receipts_mergedmessage (id, survivor_id) SELECT m.id, s.id FROM {_SAME} "
    "JOIN receipts_message s ON s.channel_id = m.channel_id "
    "AND s.message_id = m.message_id AND s.slot = '' WHERE m.slot <> ''"
)
_DROP = (
    "DELETE FROM receipts_message AS m USING "
    f"{recordset('channel_id bigint, message_id text, slot text')} "
    "WHERE m.channel_id = x.channel_id AND m.message_id = x.message_id "
    "AND m.slot = x.slot "
    f"RETURNING {RETURNED}"
)
_REFER = (
    "INSERT INTO receipts_messagereference (message_id, conversation_id, at) "
    "SELECT m.id, x.conversation_id, m.first_at FROM "
    f"{recordset('channel_id bigint, message_id text, slot text, conversation_id bigint')} "
    "JOIN receipts_message m ON m.channel_id = x.channel_id "
    "AND m.message_id = x.message_id AND m.slot = x.slot "
    "ON CONFLICT (message_id, conversation_id) DO UPDATE SET at = excluded.at"
)
_MARK = (
    "UPDATE receipts_receipt AS r SET flags = x.flags, "
    "conversation_id = x.conversation_id FROM "
    + recordset(
        "id bigint, received_at timestamptz, flags integer, conversation_id bigint"
    )
    + " "
    "WHERE r.id = x.id AND r.received_at = x.received_at"
)


class Rebuilt(msgspec.Struct):
    """What a rebuild did: rows that changed, and all facts that it looked at."""

    rows: list[Written] = []
    facts: list[Fact] = []


def rebuild(fresh: Mapping[MessageKey, Sequence[Fact]]) -> Rebuilt:
    """Fold messages anew from all that is kept of them.

    ``fresh`` holds the facts of this batch, already inserted; their receipts get their
    flags and their conversation here. Call within the transaction that inserted them.
    """
    rebuilt = Rebuilt()
    if not fresh:
        return rebuilt
    lock(fresh)
    rows = stored_messages(fresh)
    for key, facts in _by_key(facts_of(fresh), fresh).items():
        before = {f.receipt_id: (f.flags, f.conversation_id) for f in facts if f.is_new}
        rebuilt.rows += _rebuild(facts, rows.get(key, []))
        rebuilt.facts += facts
        _flag(facts, {fact.receipt_id for fact in fresh[key] if fact.is_new})
        _mark(facts, before)
    return rebuilt


def _by_key(
    facts: Sequence[Fact], keys: Iterable[MessageKey]
) -> dict[MessageKey, list[Fact]]:
    grouped: dict[MessageKey, list[Fact]] = {key: [] for key in sorted(keys)}
    for fact in facts:
        if fact.is_of_message:
            grouped[fact.channel_id, fact.event.message_id].append(fact)
    return grouped


def lock(keys: Collection[MessageKey]) -> None:
    """Lock message ids: nobody else folds into them until this transaction ends."""
    rows = as_json([{"channel_id": c, "message_id": m} for c, m in sorted(keys)])
    run(_PLACEHOLDER, rows)
    run(_LOCK, rows)


def _rebuild(facts: Sequence[Fact], rows: Sequence[StoredMessage]) -> list[Written]:
    by_number = _by_number(facts)
    slots = _slots(list(by_number), rows)
    _meet(by_number)
    states = [
        msgspec.structs.replace(
            fold_legs(of_number, slot=slots[number]),
            number=number or None,
            recipients=len(by_number),
        )
        for number, of_number in by_number.items()
    ]
    gone = [row for row in rows if row.slot not in slots.values()]
    changed = [*_drop(gone), *replace(states)]
    _refer(states, list(by_number.values()))
    return changed


def _by_number(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Group facts by recipient; those that name none belong to the smallest number."""
    numbers = sorted({fact.number for fact in facts if fact.number}) or [""]
    grouped: dict[str, list[Fact]] = {number: [] for number in numbers if facts}
    for fact in facts:
        grouped[fact.number or numbers[0]].append(fact)
    return grouped


def _slots(numbers: Sequence[str], rows: Sequence[StoredMessage]) -> dict[str, str]:
    """Give each number its row: the one that it has, else a free one."""
    slots = {row.number: row.slot for row in rows if row.number in numbers}
    if numbers and "" not in slots.values():
        without = [number for number in numbers if number not in slots]
        slots[(without or numbers)[0]] = ""
    return {number: slots.get(number, number) for number in numbers}


def _meet(by_number: Mapping[str, Sequence[Fact]]) -> None:
    """Give the facts of each recipient and leg one conversation, merged if need be.

    A fact that names a person but no number joins all recipients (``people.py``).
    """
    everybody = [fact for facts in by_number.values() for fact in facts]
    is_loose = any(not fact.number and fact.identity_keys() for fact in everybody)
    groups = [everybody] if is_loose else list(by_number.values())
    for group in groups:
        for of_leg in legs_of(group).values():
            if named := _named(of_leg):
                _join(of_leg, sorted(named))


def _named(facts: Sequence[Fact]) -> set[int]:
    """Return the conversations that facts name by themselves.

    One that names nobody was given the conversation of whatever number its message had
    when it came; it counts only where nothing better is known.
    """
    given = [fact for fact in facts if fact.conversation_id]
    certain = [fact for fact in given if fact.identity_keys()]
    return {f.conversation_id for f in certain or given if f.conversation_id}


def _join(facts: Sequence[Fact], named: Sequence[int]) -> None:
    root = one_root(named, facts[0])
    for fact in facts:
        fact.conversation_id = root or fact.conversation_id


def _drop(rows: Sequence[StoredMessage]) -> list[Written]:
    if not rows:
        return []
    keys = [
        {"channel_id": r.channel_id, "message_id": r.message_id, "slot": r.slot}
        for r in rows
    ]
    run(_DROP_REFERENCES, as_json(keys))
    run(_REMEMBER, as_json(keys))
    return [
        msgspec.structs.replace(
            row,
            status=None,
            was_status=row.status,
            was_first_at=row.first_at,
            conversation_id=None,
            was_conversation_id=row.conversation_id,
        )
        for row in map(written, run(_DROP, as_json(keys)))
    ]


def _refer(states: Sequence[MessageState], groups: Sequence[Sequence[Fact]]) -> None:
    """Let a message show in the conversations of its other legs."""
    rows = [
        {
            "channel_id": state.channel_id,
            "message_id": state.message_id,
            "slot": state.slot,
            "conversation_id": other,
        }
        for state, facts in zip(states, groups, strict=True)
        for other in sorted({f.conversation_id for f in facts if f.conversation_id})
        if other != state.conversation_id
    ]
    if rows:
        run(_REFER, as_json(rows))


def _flag(facts: Sequence[Fact], fresh: Collection[int | None]) -> None:
    """Flag the fresh receipts of a rebuilt message, each against its own leg."""
    for of_number in _by_number(facts).values():
        for of_leg in legs_of(of_number).values():
            new = [f for f in of_leg if f.is_new and f.receipt_id in fresh]
            flag_against(_received(of_leg), new)


def _mark(
    facts: Sequence[Fact], before: Mapping[int | None, tuple[int, int | None]]
) -> None:
    """Write flags and conversations that turned out otherwise to their receipts."""
    marked = [
        {
            "id": fact.receipt_id,
            "received_at": fact.received_at,
            "flags": fact.flags,
            "conversation_id": fact.conversation_id,
        }
        for fact in facts
        if fact.is_new
        for flags, known in [before[fact.receipt_id]]
        if (flags, known) != (fact.flags, fact.conversation_id)
    ]
    if marked:
        run(_MARK, as_json(marked))


def _received(facts: Sequence[Fact]) -> list[datetime | None]:
    """Return when each step, and a failure, was first received."""
    state = fold_legs(facts)
    steps = [getattr(state, f"{step}_received_at") for step in RANKS]
    return [*steps, state.failed_received_at]
