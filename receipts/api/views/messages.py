"""Messages."""

from collections.abc import Sequence

from receipts import shapes
from receipts.api import examples
from receipts.api.lists import DetailView, ListView, Resource
from receipts.models import Message
from receipts.presenting.messages import show_messages
from receipts.querysets.message import MessageQuerySet
from receipts.search import MessageFilters


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
    """One message."""

    answer = examples.one(examples.MESSAGE)
