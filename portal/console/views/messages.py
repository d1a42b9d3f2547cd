"""One message: what became of it, why, and every receipt that tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from channels_cfg.models import ErrorCode
from portal.console import gist, people, steps
from portal.console.parts import told as told_place
from portal.console.raw import pretty, pretty_shape
from portal.console.verdict import verdict
from portal.console.views.page import Page
from receipts import shapes
from receipts.models import Conversation, Message, Receipt
from receipts.presenting.conversations import show_conversations
from receipts.presenting.messages import show_messages
from receipts.presenting.receipts import show_receipts
from receipts.querysets.bounded import bounded
from receipts.querysets.message import MessageQuerySet
from receipts.timeline import MESSAGE, Place

MOST_RECEIPTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One receipt of the message; ``raw`` is None for those who may not see it."""

    shown: shapes.Receipt
    raw: str | None
    normalised: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A step with its third clock, and the receipt that told it first."""

    step: steps.Step
    stored_at: datetime | None
    receipt: shapes.Receipt | None


def receipts_of(message: Message) -> list[Receipt]:
    """Return the receipts of a message, oldest first; 200 at most."""
    rows = Receipt.objects.filter(
        channel=message.channel_id, message_id=message.message_id
    )
    if message.slot:
        rows = rows.filter(recipient_number=message.slot)
    return list(rows.order_by("received_at", "id")[:MOST_RECEIPTS])


def _found(pk: int) -> Message:
    """Return the message that answers for an id. Raises ``Http404``."""
    if (message := Message.objects.survivor(pk)) is None:
        raise Http404
    return message


class MessageReceipts(Page):
    """The receipts of one message, as a part of its timeline's page."""

    permission = "receipts.view_receipt"
    template_name = "console/_message_receipts.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            message = _found(self.pk)
            rows = receipts_of(message)
            shown = show_receipts(rows, is_clear=self.sees_people)
        return super().get_context_data(receipts=shown, message=message, **kwargs)


class MessagePage(Page):
    """The whole story of one message."""

    permission = "receipts.view_message"
    reveals = "message"
    template_name = "console/message.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            message = _found(self.pk)
            told = self._told(message)
            shown = show_messages([message], is_clear=self.sees_people)[0]
            return super().get_context_data(
                title=f"Message {shown.message_id}",
                message=shown,
                gist=gist.gist_of(shown),
                verdict=verdict(shown, timezone.now()),
                stations=_stations(shown, [each.shown for each in told]),
                told=told,
                further_ids=_further_ids([each.shown for each in told]),
                error_title=_title(shown),
                answers=self._named(_answered(message)),
                answered_by=self._named(_answers(message)),
                person=self._person(shown),
                place=told_place(Place(message.first_at, MESSAGE, message.pk)),
                **kwargs,
            )

    def _told(self, message: Message) -> list[Told]:
        rows = receipts_of(message)
        is_clear = self.sees_people
        return [
            Told(
                shown=shown,
                raw=pretty(row.payload.encode()) if is_clear else None,
                normalised=pretty_shape(shown),
            )
            for row, shown in zip(
                rows, show_receipts(rows, is_clear=is_clear), strict=True
            )
        ]

    def _named(self, rows: Sequence[Message]) -> list[tuple[shapes.Message, str]]:
        shown = show_messages(rows, is_clear=self.sees_people)
        return [(each, gist.gist_of(each)) for each in shown]

    def _person(self, shown: shapes.Message) -> str:
        rows = Conversation.objects.filter(pk=shown.conversation or 0)
        found = show_conversations(list(rows), is_clear=self.sees_people)
        return people.name_of(found[0].user) if found else ""


class MessageSide(MessagePage):
    """One message beside the list."""

    template_name = "console/_message_side.html"


def _answered(message: Message) -> list[Message]:
    if not message.reply_to:
        return []
    return list(_in_channel(message).filter(message_id=message.reply_to)[:1])


def _answers(message: Message) -> list[Message]:
    # No index names replies: they lie in the same conversation, after the message.
    if message.conversation_id is None:
        return []
    later = Message.objects.filter(
        conversation_id=message.conversation_id, first_at__gte=message.first_at
    ).order_by("first_at", "id")
    near = later.values("pk")[:MOST_RECEIPTS]
    answers = _in_channel(message).filter(pk__in=near, reply_to=message.message_id)
    return list(answers)


def _in_channel(message: Message) -> MessageQuerySet:
    return Message.objects.filter(channel=message.channel_id).light()


_FURTHER_IDS = {
    "batch_id": "Batch",
    "client_batch_id": "Client batch",
    "provider_conversation_id": "Their conversation",
    "callback": "Callback",
}


def _further_ids(told: Sequence[shapes.Receipt]) -> list[tuple[str, str]]:
    """Return label and value of each id that the receipts name, once."""
    found = (
        (label, getattr(receipt, name))
        for name, label in _FURTHER_IDS.items()
        for receipt in told
    )
    return list(dict.fromkeys((label, value) for label, value in found if value))


def _stations(message: shapes.Message, told: Sequence[shapes.Receipt]) -> list[Station]:
    first: dict[str | None, shapes.Receipt] = {}
    for receipt in told:
        first.setdefault(receipt.status, receipt)
    return [
        _station(step, first.get(step.word))
        for step in steps.way_of(message, timezone.now())
    ]


def _station(step: steps.Step, receipt: shapes.Receipt | None) -> Station:
    stored_at = receipt.stored_at if receipt else None
    return Station(step=step, stored_at=stored_at, receipt=receipt)


def _title(message: shapes.Message) -> str:
    if message.error is None or not message.error.code:
        return ""
    entry = ErrorCode.objects.filter(
        provider=message.provider, code=message.error.code
    ).first()
    return entry.title if entry else ""
