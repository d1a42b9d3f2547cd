"""Who is meant by a number or an id: all identities, and their conversations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from channels_cfg.models import BusinessAddress
from channels_cfg.wire import IdentityKind
from receipts.erasure.matching import SHORTEST, Matching
from receipts.models import Conversation, ConversationIdentity
from receipts.querysets.people import digits_of, ways_to_store

_ROUNDS = 5
_MOST = 100  # identities: more are a mistake of somebody, not one person


class NotErasable(Exception):
    """This names nobody who can be erased; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person: identities as stored, conversations with all merged ones."""

    values: tuple[str, ...]
    conversations: tuple[int, ...]
    matching: Matching

    @property
    def phones(self) -> list[str]:
        """Return the identities that are numbers."""
        return [value for value in self.values if value.isdigit()]

    def is_named(self, identities: Iterable[object] | None) -> bool | None:
        """Tell whether stored identities name the person; None if they name nobody."""
        named = [
            each["value"]
            for each in identities or ()
            if isinstance(each, dict) and each.get("kind") != IdentityKind.USERNAME
        ]
        return any(value in self.values for value in named) if named else None


def find(wanted: Sequence[str]) -> Person:
    """Return the person that identities name, by whatever else they are known.

    Identities that one conversation knows are one person's, and an identity of the
    same kind is the same person's on every channel. Raises ``NotErasable``.
    """
    values = set(wanted)
    conversations: set[int] = set()
    for _ in range(_ROUNDS):
        before = len(values), len(conversations)
        rows = ConversationIdentity.objects.filter(value__in=values)
        named = rows.exclude(kind=IdentityKind.USERNAME)
        found = set(named.values_list("conversation_id", flat=True))
        conversations |= set(Conversation.objects.cluster(found))
        known = ConversationIdentity.objects.filter(conversation__in=conversations)
        known = known.exclude(kind=IdentityKind.USERNAME)
        values |= set(known.values_list("value", flat=True))
        if (len(values), len(conversations)) == before:
            break
    if len(values) > _MOST:
        raise NotErasable(f"that would be {len(values)} identities: no single person")
    ordered = tuple(sorted(values))
    return Person(
        values=ordered,
        conversations=tuple(sorted(conversations)),
        matching=Matching(ordered),
    )


def meant_by(word: str) -> list[str]:
    """Return what somebody may mean by a typed identity. Raises ``NotErasable``."""
    word = word.strip().replace("\0", "")
    digits = digits_of(word)
    values = [digits] if digits else [v for v in ways_to_store(word) if v == word]
    if not values or len(values[0]) < SHORTEST:
        raise NotErasable(f"give a number or an id of {SHORTEST} characters or more")
    if "*" in values[0]:
        raise NotErasable("give the number in clear, not masked")
    if BusinessAddress.objects.filter(value__in=values).exists():
        raise NotErasable("that is a business address of a channel, not a person")
    return values


def count(person: Person) -> dict[str, int]:
    """Return what the indexes know of a person: for a preview."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM receipts_message "
            "WHERE conversation_id = ANY(%(ids)s)), "
            "(SELECT count(*) FROM receipts_receipt WHERE conversation_id = ANY(%(ids)s))",
            {"ids": list(person.conversations)},
        )
        messages, receipts = cursor.fetchone()
    return {
        "identities": len(person.values),
        "conversations": len(person.conversations),
        "messages": messages,
        "receipts": receipts,
    }
