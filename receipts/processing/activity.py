"""What facts and new messages change on conversations: times and counts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from channels_cfg.wire import IdentityKind, Kind, Status
from receipts.processing.facts import Contended, Fact
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.merging import current_roots
from receipts.processing.messages import Written

_RECORD = (
    "id bigint, first_at timestamptz, last_at timestamptz, "
    "last_inbound_at timestamptz, messages integer"
)
# Locked in the order of their ids, so that drains side by side cannot deadlock.
_UPDATE = f"""
WITH told AS MATERIALIZED (SELECT * FROM {recordset(_RECORD)}),
locked AS MATERIALIZED (
    SELECT c.id FROM receipts_conversation c JOIN told ON told.id = c.id
    WHERE c.merged_into_id IS NULL ORDER BY c.id FOR NO KEY UPDATE OF c
)
UPDATE receipts_conversation AS c SET
    first_at = least(c.first_at, told.first_at),
    last_at = greatest(c.last_at, told.last_at),
    last_inbound_at = greatest(c.last_inbound_at, told.last_inbound_at),
    messages = c.messages + coalesce(told.messages, 0)
FROM told JOIN locked ON locked.id = told.id WHERE c.id = told.id RETURNING c.id
"""
_NAMES = (
    "INSERT INTO receipts_conversationidentity "
    "(channel_id, channel_type, business_address, kind, value, conversation_id) "
    "SELECT x.channel_id, x.channel_type, x.business_address, 'username', x.value, "
    "x.conversation_id FROM "
    f"{recordset('channel_id bigint, channel_type text, business_address text, value text, conversation_id bigint')} "
    "ORDER BY x.conversation_id, x.value ON CONFLICT DO NOTHING"
)
_ROUNDS = 5


class Activity(msgspec.Struct, omit_defaults=True):
    """What a batch tells of one conversation."""

    id: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    last_inbound_at: datetime | None = None
    messages: int = 0


class _Name(msgspec.Struct, frozen=True):
    channel_id: int
    channel_type: str
    business_address: str
    value: str
    conversation_id: int


def note_activity(facts: Sequence[Fact], rows: Sequence[Written]) -> None:
    """Move the times and counts of the conversations of ``facts`` and messages.

    A message of one leg brings its own times along: it may have begun before anybody
    could tell whose it is. Of one with several, each leg's facts are among ``facts``.
    """
    told = {key: _activity(key, of_one) for key, of_one in _by_conversation(facts)}
    for row in rows:
        if row.conversation_id is not None:
            known = told.setdefault(row.conversation_id, Activity(row.conversation_id))
            _widen(known, _activity_of_message(row))
        if row.was_conversation_id not in (None, row.conversation_id):
            left = Activity(row.was_conversation_id, messages=-1)
            _widen(told.setdefault(left.id, Activity(left.id)), left)
    _note_names(facts, _apply(told))


def _activity_of_message(row: Written) -> Activity:
    gained = int(row.conversation_id != row.was_conversation_id)
    if row.has_legs:
        return Activity(row.conversation_id or 0, messages=gained)
    return Activity(
        row.conversation_id or 0,
        first_at=row.first_at,
        last_at=row.last_at,
        last_inbound_at=row.last_at if row.status == Status.RECEIVED else None,
        messages=gained,
    )


def _widen(known: Activity, more: Activity) -> None:
    known.first_at = min(filter(None, (known.first_at, more.first_at)), default=None)
    known.last_at = max(filter(None, (known.last_at, more.last_at)), default=None)
    inbound = filter(None, (known.last_inbound_at, more.last_inbound_at))
    known.last_inbound_at = max(inbound, default=None)
    known.messages += more.messages


def _by_conversation(facts: Sequence[Fact]) -> Iterable[tuple[int, list[Fact]]]:
    grouped: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.conversation_id is not None:
            grouped.setdefault(fact.conversation_id, []).append(fact)
    return grouped.items()


def _activity(conversation_id: int, facts: Sequence[Fact]) -> Activity:
    inbound = [f.received_at for f in facts if f.event.kind is Kind.INBOUND]
    return Activity(
        conversation_id,
        first_at=min(fact.at for fact in facts),
        last_at=max(fact.received_at for fact in facts),
        last_inbound_at=max(inbound, default=None),
    )


def _apply(told: dict[int, Activity]) -> dict[int, int]:
    """Write activities; what names a merged conversation goes to its root.

    Returns which conversation stands for which, where that is another. All of them
    stay locked to the end of the transaction: no merge can come in between.
    """
    moved: dict[int, int] = {}
    for _ in range(_ROUNDS):
        if not told:
            return moved
        rows = sorted(told.values(), key=lambda activity: activity.id)
        done = {row[0] for row in run(_UPDATE, as_json(rows))}
        told = _at_roots([one for one in rows if one.id not in done], moved)
    raise Contended("conversations")


def _at_roots(left: Sequence[Activity], moved: dict[int, int]) -> dict[int, Activity]:
    at_roots: dict[int, Activity] = {}
    for one in left:
        roots = current_roots([one.id])
        if not roots:
            raise Contended("a conversation that was just removed")
        (root,) = roots
        moved.update({key: root for key, other in moved.items() if other == one.id})
        moved[one.id] = root
        _widen(at_roots.setdefault(root, Activity(root)), one)
    return at_roots


def _note_names(facts: Sequence[Fact], moved: Mapping[int, int]) -> None:
    """Note user names of facts that say by themselves whose name it is."""
    names = {
        _Name(
            *fact.scope,
            each.value,
            moved.get(fact.conversation_id, fact.conversation_id),
        )
        for fact in facts
        if fact.conversation_id is not None and fact.identity_keys()
        for each in fact.event.identities
        if each.kind is IdentityKind.USERNAME and each.value
    }
    if names:
        run(_NAMES, as_json(list(names)))
