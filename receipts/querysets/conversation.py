"""Reads of conversations: by person, by cluster, with what was merged."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce

from receipts.querysets.people import ways_to_store

if TYPE_CHECKING:
    from receipts.models import Conversation, ConversationIdentity  # noqa: F401

# A person is known in one conversation per channel, type and address; an identity
# that more share is none to search by.
MOST_OF_ONE_PERSON = 500


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations; merged ones point straight at the one that survives."""

    def roots(self) -> "ConversationQuerySet":
        """Return those that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def cluster(self, ids: Iterable[int | None]) -> dict[int, int]:
        """Return the survivor of ``ids`` and of all that was merged with them."""
        roots = set(self.roots_of(ids).values())
        if not roots:
            return {}
        merged = self.filter(merged_into__in=roots).values_list("pk", "merged_into_id")
        return {**{root: root for root in roots}, **dict(merged)}

    def survivor(self, pk: int) -> "Conversation | None":
        """Return the conversation that answers for an id."""
        roots = self.roots_of([pk])
        return self.filter(pk=roots[pk]).first() if roots else None

    def roots_of(self, ids: Iterable[int | None]) -> dict[int, int]:
        """Return the survivor of each conversation; itself where never merged."""
        known = {pk for pk in ids if pk is not None}
        pairs = self.filter(pk__in=known).values_list(
            "pk", Coalesce("merged_into_id", "pk")
        )
        return dict(pairs) if known else {}


class IdentityQuerySet(models.QuerySet["ConversationIdentity"]):
    """By what persons are known."""

    def named(self, value: str) -> "IdentityQuerySet":
        """Return the identities that somebody may mean by ``value``, typed in clear."""
        return self.filter(value__in=ways_to_store(value))

    def conversations(self) -> list[int]:
        """Return ids of their conversations, merged or not; 500 at most."""
        ids = self.values_list("conversation_id", flat=True).distinct()
        return list(ids[:MOST_OF_ONE_PERSON])
