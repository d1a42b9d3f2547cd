"""Which conversation a fact belongs to: one person within one scope.

Facts that share an identity are one person's, and so are facts of one message. What
the database already knows joins in. A person that turns out to have several
conversations gets them merged; the oldest survives.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

import msgspec

from receipts.processing.components import Components
from receipts.processing.facts import (
    PEOPLE_KINDS,
    Contended,
    Fact,
    IdentityKey,
    ScopeKey,
)
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.merging import current_roots, merge
from receipts.processing.stored import StoredMessage

# A name in the graph: an identity, a message of a scope (with a number), or a root.
Node = tuple[object, ...]

_SCOPE = "channel_id bigint, channel_type text, business_address text"
_FIND = (
    "SELECT i.channel_id, i.channel_type, i.business_address, i.kind, i.value, "
    "coalesce(c.merged_into_id, c.id) FROM "
    f"{recordset(_SCOPE + ', kind text, value text')} "
    "JOIN receipts_conversationidentity i ON i.channel_id = x.channel_id "
    "AND i.channel_type = x.channel_type "
    "AND i.business_address = x.business_address AND i.kind = x.kind "
    "AND i.value = x.value AND NOT (i.kind = 'username') "
    "JOIN receipts_conversation c ON c.id = i.conversation_id"
)
_NEW_IDS = "SELECT nextval('receipts_conversation_id_seq') FROM generate_series(1, %s)"
_INSERT = (
    "INSERT INTO receipts_conversation "
    "(id, channel_id, channel_type, business_address, first_at, last_at, messages, "
    "is_settled) SELECT x.id, x.channel_id, x.channel_type, x.business_address, "
    "x.first_at, x.last_at, 0, true FROM "
    f"{recordset('id bigint, ' + _SCOPE + ', first_at timestamptz, last_at timestamptz')}"
)
_INSERT_IDENTITIES = (
    "INSERT INTO receipts_conversationidentity AS i "
    "(channel_id, channel_type, business_address, kind, value, conversation_id) "
    "SELECT x.channel_id, x.channel_type, x.business_address, x.kind, x.value, "
    "x.conversation_id FROM "
    f"{recordset(_SCOPE + ', kind text, value text, conversation_id bigint')} "
    "ORDER BY 1, 2, 3, 4, 5 ON CONFLICT DO NOTHING RETURNING i.id"
)
# Its own lock, since the check of the foreign key waits for the end.
_PIN = (
    "SELECT id, merged_into_id FROM receipts_conversation "
    "WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
)
_ROUNDS = 5


class _Identity(msgspec.Struct):
    channel_id: int
    channel_type: str
    business_address: str
    kind: str
    value: str
    conversation_id: int | None = None


class _NewConversation(msgspec.Struct):
    id: int
    channel_id: int
    channel_type: str
    business_address: str
    first_at: datetime
    last_at: datetime


def resolve(facts: Sequence[Fact], stored: Iterable[StoredMessage]) -> None:
    """Give each fact its ``conversation_id``, made or merged where need be.

    A fact that names nobody and whose message has no conversation keeps None. Raises
    ``Contended`` when other drains win every round.
    """
    alike: dict[Hashable, list[Fact]] = {}
    for fact in facts:
        if fact.event.kind in PEOPLE_KINDS:
            alike.setdefault(_named_by(fact), []).append(fact)
    _resolve([of_one[0] for of_one in alike.values()], list(stored))
    for first, *others in alike.values():
        for fact in others:
            fact.conversation_id = first.conversation_id


def _named_by(fact: Fact) -> Hashable:
    """Return all by which a person is known; most messages tell it several times."""
    event = fact.event
    named = tuple(event.identities)
    return (*fact.scope, event.message_id, event.recipient_number, named)


def _resolve(facts: Sequence[Fact], stored: Sequence[StoredMessage]) -> None:
    groups = _groups(facts, stored)
    identities = sorted({key for fact in facts for key in fact.identity_keys()})
    for _ in range(_ROUNDS):
        if _settle(facts, groups, identities):
            return
    raise Contended("people")


def _groups(facts: Sequence[Fact], stored: Sequence[StoredMessage]) -> Components[Node]:
    """Join what belongs to one person, from the facts and the stored messages."""
    groups: Components[Node] = Components()
    loose: set[Node] = set()  # messages with a fact that names a person but no number
    for fact in facts:
        nodes: list[Node] = list(fact.identity_keys())
        node = _node_of(fact)
        if node is not None:
            nodes.append(node)
            if not fact.number and len(nodes) > 1:
                loose.add(node)
        groups.join(nodes)
    for row in stored:
        node = _message_node(row.scope, row.message_id, row.number)
        if row.conversation_id is not None:
            groups.join((node, _root_node(row.conversation_id)))
        if row.names_person_without_number:
            loose.add(_message_node(row.scope, row.message_id, None))
    _join_loose(groups, loose, [*map(_node_of, facts), *map(_node_of_row, stored)])
    return groups


def _join_loose(
    groups: Components[Node], loose: set[Node], nodes: Iterable[Node | None]
) -> None:
    """Join a message that also came without a number with each of its numbers.

    It must not matter which of them came first, so all of them are joined.
    """
    if not loose:
        return
    for node in nodes:
        if node is not None and (whole := (*node[:-1], None)) in loose:
            groups.join((whole, node))


def _message_node(scope: ScopeKey, message_id: str, number: str | None) -> Node:
    return ("message", *scope, message_id, number)


def _node_of(fact: Fact) -> Node | None:
    if not fact.event.message_id:
        return None
    return _message_node(fact.scope, fact.event.message_id, fact.number)


def _node_of_row(row: StoredMessage) -> Node:
    return _message_node(row.scope, row.message_id, row.number)


def _root_node(conversation_id: int) -> Node:
    return ("root", conversation_id)


def _settle(
    facts: Sequence[Fact], groups: Components[Node], identities: list[IdentityKey]
) -> bool:
    """Make one round; False says that another drain was faster somewhere."""
    known = {tuple(row[:5]): row[5] for row in run(_FIND, as_json(_rows(identities)))}
    for identity, root in known.items():
        groups.join((identity, _root_node(root)))
    survivors: dict[Node, int] = {}
    for person, roots in _roots_of(groups).items():
        now = current_roots(roots) if len(roots) > 1 else roots
        if len(now) > 1 and not merge(now):
            return False
        survivors[person] = min(now)
    group_of = [(fact, _group(groups, fact)) for fact in facts]
    _make_missing(groups, group_of, survivors)
    for fact, group in group_of:
        fact.conversation_id = survivors.get(group) if group is not None else None
    return _keep_identities(groups, identities, known, survivors)


def _rows(identities: Iterable[IdentityKey]) -> list[_Identity]:
    return [_Identity(*identity) for identity in identities]


def _roots_of(groups: Components[Node]) -> dict[Node, set[int]]:
    roots: dict[Node, set[int]] = {}
    for node in groups.names():
        if node[0] == "root" and isinstance(node[1], int):
            roots.setdefault(groups.find(node), set()).add(node[1])
    return roots


def _group(groups: Components[Node], fact: Fact) -> Node | None:
    """Return the group of a fact; None when it names nobody and no message."""
    identities = fact.identity_keys()
    node = identities[0] if identities else _node_of(fact)
    return None if node is None else groups.find(node)


def _make_missing(
    groups: Components[Node],
    group_of: Sequence[tuple[Fact, Node | None]],
    survivors: dict[Node, int],
) -> None:
    """Make a conversation for each group that names a person and has none."""
    missing: dict[Node, list[Fact]] = {}
    named: set[Node] = set()
    for fact, group in group_of:
        if group is not None and group not in survivors:
            missing.setdefault(group, []).append(fact)
            if fact.identity_keys():
                named.add(group)
    if not named:
        return
    rows = []
    for group, (new_id,) in zip(
        sorted(named, key=repr), run(_NEW_IDS, len(named)), strict=True
    ):
        facts = missing[group]
        first, last = min(f.at for f in facts), max(f.received_at for f in facts)
        rows.append(_NewConversation(new_id, *facts[0].scope, first, last))
        survivors[group] = new_id
        # Should another drain name this person first, the two are merged.
        groups.join((group, _root_node(new_id)))
    run(_INSERT, as_json(rows))


def _keep_identities(
    groups: Components[Node],
    identities: Sequence[IdentityKey],
    known: dict[tuple[object, ...], int],
    survivors: dict[Node, int],
) -> bool:
    """Insert the identities that are new; False if another drain was faster.

    It may have named the same person first, or merged the conversation meanwhile. From
    here on none of these conversations is merged before we commit.
    """
    rows = _rows(identity for identity in identities if identity not in known)
    for row in rows:
        group = groups.find(msgspec.structs.astuple(row)[:5])
        row.conversation_id = survivors[group]
    if not rows:
        return True
    homes = run(_PIN, sorted({row.conversation_id or 0 for row in rows}))
    if any(merged for _, merged in homes):
        return False
    return len(run(_INSERT_IDENTITIES, as_json(rows))) == len(rows)
