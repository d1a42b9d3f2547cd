"""Receipts and messages as lists, and one receipt with its raw item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.shortcuts import get_object_or_404

from channels_cfg.wire import ClaimedMeaning
from portal.console import gist, people, raw, words
from portal.console.facets import (
    CHANNEL,
    ERROR_CODE,
    ROAD,
    SENDER,
    STATUS,
    TEMPLATE,
    Facet,
)
from portal.console.pasted import MessagesAsked, ReceiptsAsked
from portal.console.views.listing import ListPage
from portal.console.views.page import Page
from receipts import shapes
from receipts.models import Message, Receipt
from receipts.presenting.messages import show_messages
from receipts.presenting.receipts import show_receipts
from receipts.querysets.bounded import bounded
from receipts.querysets.message import MessageQuerySet
from receipts.querysets.receipt import ReceiptQuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One receipt of the list, and the name of its person."""

    shown: shapes.Receipt
    name: str
    delay: str  # between the provider's clock and ours, where it names the event


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message of the list, and what it says."""

    shown: shapes.Message
    gist: str


class Receipts(ListPage[Receipt]):
    """What providers told, newest first."""

    permission = "receipts.view_receipt"
    title = "Receipts"
    template_name = "console/receipts.html"
    filters = ReceiptsAsked
    main = ("q",)
    api = "receipts"
    default_range = "24h"
    facets = (
        CHANNEL,
        Facet(parameter="kind", label="Kind", column="kind"),
        STATUS,
        ERROR_CODE,
        Facet(parameter="error_owner", label="Who must act", column=""),
        TEMPLATE,
        SENDER,
        ROAD,
        Facet(parameter="flag", label="Marks", column="flags"),
    )
    columns = {
        "kind": "Kind",
        "status": "Status",
        "person": "Person",
        "template": "Template or type",
        "error": "Error",
        "marks": "Marks",
        "channel": "Channel",
        "road": "Road",
        "delay": "Delay",
        "sender": "Sender",
        "message_id": "Message ID",
        "claimed": "Claimed",
    }
    usual_columns = "kind status person template error marks channel"

    def rows(self) -> ReceiptQuerySet:
        return Receipt.objects.light()

    def shown(self, rows: Sequence[Receipt]) -> list[ReceiptRow]:
        return [
            ReceiptRow(shown=each, name=people.name_of(each.user), delay=_delay(each))
            for each in show_receipts(rows, is_clear=self.sees_people)
        ]


class Messages(ListPage[Message]):
    """What became of messages, latest news first."""

    permission = "receipts.view_message"
    title = "Messages"
    template_name = "console/messages.html"
    filters = MessagesAsked
    main = ("q",)
    api = "messages"
    default_range = "24h"
    facets = (
        CHANNEL,
        Facet(parameter="direction", label="Way", column="direction"),
        STATUS,
        ERROR_CODE,
        TEMPLATE,
        SENDER,
    )
    columns = {
        "way": "Way",
        "message": "Message",
        "status": "Status",
        "error": "Error",
        "channel": "Channel",
        "message_id": "Message ID",
        "template": "Template",
        "sender": "Sender",
        "receipts": "Receipts",
        "first": "First seen",
    }
    usual_columns = "way message status error channel message_id"

    def rows(self) -> MessageQuerySet:
        return Message.objects.light()

    def hidden(self) -> frozenset[str]:
        return frozenset() if self.sees_people else frozenset({"text"})

    def shown(self, rows: Sequence[Message]) -> list[MessageRow]:
        return [
            MessageRow(shown=each, gist=gist.gist_of(each))
            for each in show_messages(rows, is_clear=self.sees_people)
        ]


def _delay(receipt: shapes.Receipt) -> str:
    if receipt.claimed_at is None or receipt.claimed_meaning != ClaimedMeaning.EVENT:
        return ""
    return words.span(max(receipt.received_at - receipt.claimed_at, timedelta()))


class ReceiptPage(Page):
    """One receipt: what was told, as it came and as we read it."""

    permission = "receipts.view_receipt"
    reveals = "receipt"
    template_name = "console/receipt.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            row = get_object_or_404(Receipt.objects.all(), pk=self.pk)
            shown = show_receipts([row], is_clear=self.sees_people)[0]
            return super().get_context_data(
                title=f"Receipt {shown.id}",
                receipt=shown,
                name=people.name_of(shown.user),
                position=row.position,
                change=row.template_change,
                raw=raw.pretty(row.payload.encode()) if self.sees_people else None,
                normalised=raw.pretty_shape(shown),
                message=self._message(row),
                **kwargs,
            )

    def _message(self, row: Receipt) -> int | None:
        if row.message_id is None:
            return None
        same = Message.objects.filter(channel=row.channel_id, message_id=row.message_id)
        slots = dict(same.values_list("slot", "pk"))
        return slots.get(row.recipient_number or "", slots.get(""))


class ReceiptSide(ReceiptPage):
    """One receipt beside the list."""

    template_name = "console/_receipt_side.html"
