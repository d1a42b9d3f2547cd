"""Reads of messages."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from channels_cfg.wire import RANKS, Status
from receipts.querysets.keyset import key_in, pair_in

if TYPE_CHECKING:
    from receipts.models import Message

CONTRADICTED = Q(failure_key__isnull=False, progress__gte=RANKS[Status.DELIVERED])


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages; each method keeps some of them."""

    def light(self) -> "MessageQuerySet":
        """Leave what is only searched or only written in the table."""
        return self.defer("text", "was_status", "was_first_at", "was_conversation_id")

    def survivor(self, pk: int) -> "Message | None":
        """Return the message that answers for an id, also for one that was merged."""
        merged = apps.get_model("receipts", "MergedMessage").objects.filter(pk=pk)
        ids = [pk, *merged.values_list("survivor_id", flat=True)]
        return self.filter(pk__in=ids).first()

    def contradicted(self, *, is_so: bool) -> "MessageQuerySet":
        """Keep those of which a failure was told although they were delivered."""
        return self.filter(CONTRADICTED) if is_so else self.exclude(CONTRADICTED)

    def saying(self, text: str) -> "MessageQuerySet":
        """Keep MO messages whose text holds ``text``, in any letter case."""
        return self.filter(text__icontains=text)

    def told_of_by(self, **receipt: str) -> "MessageQuerySet":
        """Keep those of which a receipt with these values tells (``batch_id`` …).

        Where one message id has several recipients, receipts that name no number are
        the first one's.
        """
        told = apps.get_model("receipts", "Receipt").objects.filter(**receipt)
        same = told.filter(
            channel=OuterRef("channel"), message_id=OuterRef("message_id")
        )
        of_first = Q(recipient_number__isnull=True) | Q(
            recipient_number=OuterRef("number")
        )
        found = self.model._default_manager.filter(
            pair_in(told, "channel_id", "message_id")
        ).filter(
            Q(slot="", recipients=1)
            | Q(Exists(same.filter(of_first)), slot="")
            | Q(Exists(same.filter(recipient_number=OuterRef("slot"))), ~Q(slot=""))
        )
        # Found first and by itself: a planner that hopes to meet them soon would walk
        # through all messages by time.
        return self.filter(key_in(found))


def several_recipients(
    messages: models.QuerySet["Message"], ids: Iterable[tuple[int, str | None]]
) -> set[tuple[int, str]]:
    """Return which (channel id, message id) stand for several recipients."""
    wanted = {message_id for _, message_id in ids if message_id is not None}
    found = messages.filter(message_id__in=wanted, slot="", recipients__gt=1)
    return set(found.values_list("channel_id", "message_id")) if wanted else set()
