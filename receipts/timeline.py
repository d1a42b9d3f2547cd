"""The timeline of a conversation: its messages and events, a keyset page at a time.

Ordered by (at, rank, id): ``at`` is the earliest known time of a message and the
occurred time of an event; at the same instant messages come before events, and what
was kept first before what was kept later.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce

from receipts.models import Conversation, Message, MessageReference, Receipt
from receipts.querysets import keyset

MESSAGE, EVENT = 0, 1

Row = TypeVar("Row", bound=Model)


class Place(NamedTuple):
    """Where an entry stands."""

    at: datetime
    rank: int
    pk: int

    @classmethod
    def of(cls, keys: Sequence[object]) -> "Place":
        """Return the place that a cursor holds."""
        at, rank, pk = keys
        if isinstance(at, datetime) and isinstance(rank, int) and isinstance(pk, int):
            return cls(at, rank, pk)
        raise TypeError(f"no place of a timeline: {keys}")


class Entry(NamedTuple):
    """A message, or a receipt that belongs to no message."""

    place: Place
    message: Message | None = None
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """What to read: of which conversations, from where on, which way, how much."""

    conversations: tuple[int, ...]
    place: Place | None
    is_descending: bool
    limit: int
    only_failures: bool

    def read(
        self, rows: QuerySet[Row], keys: tuple[str, str], rank: int
    ) -> QuerySet[Row]:
        """Return the first rows of one source; its entries have ``rank``."""
        if self.place is not None:
            rows = self._beyond(rows, keys, rank, self.place)
        return keyset.first_of_each(
            rows,
            keys,
            self.limit,
            apart=("conversation_id", self.conversations),
            is_descending=self.is_descending,
        )

    def _beyond(
        self, rows: QuerySet[Row], keys: tuple[str, str], rank: int, place: Place
    ) -> QuerySet[Row]:
        if rank == place.rank:
            start = (place.at, place.pk)
            return keyset.beyond(rows, keys, start, is_descending=self.is_descending)
        # Of another rank: at the same instant all of it lies on one side.
        is_ahead = (rank < place.rank) == self.is_descending
        side = "lt" if self.is_descending else "gt"
        return rows.filter(**{f"{keys[0]}__{side}{'e' if is_ahead else ''}": place.at})


def read_timeline(
    conversation: Conversation,
    place: Place | None,
    limit: int,
    *,
    is_descending: bool,
    only_failures: bool = False,
) -> list[Entry]:
    """Return the first ``limit`` entries beyond ``place``, in order.

    With ``only_failures`` those are messages of which a failure was told.
    """
    cluster = Conversation.objects.cluster([conversation.pk])
    span = _Span(
        conversations=tuple(sorted(cluster)),
        place=place,
        is_descending=is_descending,
        limit=limit,
        only_failures=only_failures,
    )
    merged = heapq.merge(
        _messages(span),
        _references(span),
        _events(span),
        key=lambda entry: entry.place,
        reverse=is_descending,
    )
    return list(islice(merged, limit))


def _messages(span: _Span) -> list[Entry]:
    told = Message.objects.light()
    if span.only_failures:
        told = told.filter(failure_key__isnull=False)
    rows = span.read(told, ("first_at", "id"), MESSAGE)
    return [Entry(Place(row.first_at, MESSAGE, row.pk), message=row) for row in rows]


def _references(span: _Span) -> list[Entry]:
    """Return messages of other conversations that show here: legs of a fallback."""
    elsewhere = MessageReference.objects.exclude(
        message__conversation_id__in=span.conversations
    )
    if span.only_failures:
        elsewhere = elsewhere.filter(message__failure_key__isnull=False)
    found = list(span.read(elsewhere, ("at", "message_id"), MESSAGE))
    messages = Message.objects.light().in_bulk([row.message_id for row in found])
    return [
        Entry(Place(row.at, MESSAGE, row.message_id), message=messages[row.message_id])
        for row in found
    ]


def _events(span: _Span) -> list[Entry]:
    if span.only_failures:
        return []
    events = Receipt.objects.light().events()
    rows = events.annotate(at=Coalesce("claimed_at", "received_at"))
    return [
        Entry(Place(row.claimed_at or row.received_at, EVENT, row.pk), receipt=row)
        for row in span.read(rows, ("at", "id"), EVENT)
    ]
