"""What can be exported, and how its rows are read and shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import QuerySet

from receipts import shapes
from receipts.models import Callback, Conversation, Message, Receipt, Template
from receipts.presenting.config import show_templates
from receipts.presenting.conversations import show_conversations
from receipts.presenting.deliveries import show_callbacks
from receipts.presenting.messages import show_messages
from receipts.presenting.receipts import show_receipts
from receipts.search import (
    CallbackFilters,
    ConversationFilters,
    MessageFilters,
    ReceiptFilters,
    TemplateFilters,
)
from receipts.search.base import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing that can be exported.

    ``keys`` never change of a row, so that none is missed or written twice while
    others arrive.
    """

    filters: type[Filters]
    rows: Callable[[], QuerySet[Any]]
    show: Callable[..., Sequence[msgspec.Struct]]
    shape: type[msgspec.Struct]
    keys: tuple[str, ...] = ("id",)


RESOURCES = {
    "receipts": Resource(
        filters=ReceiptFilters,
        rows=lambda: Receipt.objects.light(),
        show=show_receipts,
        shape=shapes.Receipt,
        keys=("received_at", "id"),
    ),
    "messages": Resource(
        filters=MessageFilters,
        rows=lambda: Message.objects.light(),
        show=show_messages,
        shape=shapes.Message,
    ),
    "conversations": Resource(
        filters=ConversationFilters,
        rows=lambda: Conversation.objects.roots(),
        show=show_conversations,
        shape=shapes.Conversation,
    ),
    "templates": Resource(
        filters=TemplateFilters,
        rows=lambda: Template.objects.all(),
        show=show_templates,
        shape=shapes.Template,
    ),
    "callbacks": Resource(
        filters=CallbackFilters,
        rows=lambda: Callback.objects.light(),
        show=show_callbacks,
        shape=shapes.Callback,
        keys=("received_at", "id"),
    ),
}
