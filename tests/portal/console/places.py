"""Where each page of the console is, for the rows of the ``story``."""

from collections.abc import Callable

from django.urls import reverse

from channels_cfg.models import Channel
from receipts.models import (
    Callback,
    Conversation,
    Message,
    QuarantinedItem,
    Receipt,
    Template,
)

# Name of each page, what finds its row, and the most queries that it may take: two of
# them are the session and the user, four make and end the guarded transaction.
PAGES: dict[str, tuple[Callable[[], object] | None, int]] = {
    "index": (None, 22),
    "problems": (None, 9),
    "items": (None, 11),
    "item": (lambda: QuarantinedItem.objects.earliest("id").pk, 9),
    "conversations": (None, 21),
    "conversation": (lambda: Conversation.objects.roots().earliest("id").pk, 23),
    "conversation_live": (
        lambda: Conversation.objects.roots().earliest("id").pk,
        25,
    ),
    "messages": (None, 15),
    "message": (lambda: Message.objects.filter(direction="mt").earliest("id").pk, 26),
    "message_side": (
        lambda: Message.objects.filter(direction="mt").earliest("id").pk,
        26,
    ),
    "receipt_side": (lambda: Receipt.objects.earliest("id").pk, 13),
    "exports": (None, 6),
    "message_receipts": (lambda: Message.objects.earliest("id").pk, 14),
    "receipts": (None, 15),
    "receipt": (lambda: Receipt.objects.earliest("id").pk, 13),
    "intake": (None, 14),
    "callbacks": (None, 10),
    "callback": (lambda: Callback.objects.earliest("received_at").pk, 15),
    "templates": (None, 11),
    "template": (lambda: Template.objects.earliest("id").pk, 12),
    "channel": (lambda: Channel.objects.earliest("id").pk, 14),
    "channel_light": (lambda: Channel.objects.earliest("id").pk, 9),
    "audit": (None, 9),
    "codes": (None, 9),
    "cause": (None, 10),
    "find": (None, 7),
}


def place(name: str) -> str:
    """Return the URL of a page."""
    key = PAGES[name][0]
    return reverse(f"admin:{name}", args=[key()] if key else [])
