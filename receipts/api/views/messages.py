"""Messages."""

from collections.abc import Sequence

from django.http import Http404

from receipts import shapes
from receipts.api import examples
from receipts.api.lists import DetailView, ListView, Resource
from receipts.models import Message
from receipts.presenting.messages import show_messages
from receipts.querysets.message import MessageQuerySet
from receipts.search import MessageFilters
from receipts.search.base import own_id


class Messages(Resource[Message]):
    """What became of a message each."""

    filters = MessageFilters

    def rows(self, include: frozenset[str]) -> MessageQuerySet:
        """Return messages."""
        return Message.objects.light()

    def show(
        self, rows: Sequence[Message], include: frozenset[str]
    ) -> Sequence[shapes.Message]:
        """Return the public shapes."""
        return show_messages(rows, is_clear=self.caller.is_clear)


class MessageList(Messages, ListView[Message]):
    """Search messages."""

    answer = examples.page(examples.MESSAGE)


class MessageDetail(Messages, DetailView[Message]):
    """One message; an id that was merged answers with the survivor."""

    answer = examples.one(examples.MESSAGE)

    def find(self, pk: str, include: frozenset[str] = frozenset()) -> Message:
        """Return the message that answers for an id. Raises ``Http404``."""
        number = own_id(pk)
        found = self.rows(include).survivor(number) if number else None
        if found is None or not self.caller.may_see(found.channel_id):
            raise Http404
        return found
