"""Conversations and their timelines."""

from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from receipts import shapes, timeline
from receipts.api import asking, described, examples
from receipts.api.cursors import Listing
from receipts.api.described import Parameter
from receipts.api.lists import DetailView, ListView, Resource, Turn
from receipts.models import Conversation
from receipts.presenting.conversations import show_conversations
from receipts.presenting.timeline import show_timeline
from receipts.querysets.bounded import bounded
from receipts.querysets.conversation import ConversationQuerySet
from receipts.search import ConversationFilters
from receipts.search.base import own_id

ORDERINGS = {"at": False, "-at": True}


class Conversations(Resource[Conversation]):
    """One person on one channel each."""

    filters = ConversationFilters

    def rows(self, include: frozenset[str]) -> ConversationQuerySet:
        """Return conversations, not those that were merged into others."""
        return Conversation.objects.roots()

    def show(
        self, rows: Sequence[Conversation], include: frozenset[str]
    ) -> Sequence[shapes.Conversation]:
        """Return the public shapes."""
        return show_conversations(rows, is_clear=self.caller.is_clear)


class ConversationList(Conversations, ListView[Conversation]):
    """Search conversations."""

    answer = examples.page(examples.CONVERSATION)


class ConversationDetail(Conversations, DetailView[Conversation]):
    """One conversation; an id that was merged answers with the survivor."""

    answer = examples.one(examples.CONVERSATION)

    def find(self, pk: str, include: frozenset[str] = frozenset()) -> Conversation:
        """Return the survivor of an id. Raises ``Http404``."""
        number = own_id(pk)
        found = Conversation.objects.survivor(number) if number else None
        if found is None or not self.caller.may_see(found.channel_id):
            raise Http404
        return found


class Timeline(ConversationDetail):
    """Messages with their steps, and events, in the order in which they happened."""

    answer = examples.page(examples.ENTRY)
    problems = ("invalid-cursor", "too-costly")

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return what steers the list; nothing filters it."""
        return described.of_list(None, ORDERINGS, ())

    def get(self, request: Request, pk: str) -> Response:
        """Return one page, oldest first unless asked otherwise."""
        asked = asking.read_list(request, (), orderings=ORDERINGS)
        with bounded():
            conversation = self.find(pk)
            return Response(self._page(request, asked, conversation))

    def _page(
        self, request: Request, asked: asking.Asked, conversation: Conversation
    ) -> shapes.Page[shapes.TimelineEntry]:
        ordering = asked.ordering or "at"
        listing = Listing.of(request, ordering)
        place = listing.read(asked.cursor)[0] if asked.cursor else None
        is_backward = place is not None and place.is_backward
        found = timeline.read_timeline(
            conversation,
            timeline.Place.of(place.keys) if place else None,
            asked.page_size + 1,
            is_descending=ORDERINGS[ordering] != is_backward,
        )
        entries = found[: asked.page_size]
        entries = entries[::-1] if is_backward else entries
        keys = [tuple(entry.place) for entry in entries]
        turn = Turn.of(keys, place, has_more=len(found) > asked.page_size)
        now = timezone.now()
        return shapes.Page(
            next=listing.url(turn.next, now) if turn.next else None,
            previous=listing.url(turn.previous, now) if turn.previous else None,
            window=None,
            results=show_timeline(entries, is_clear=self.caller.is_clear),
        )
