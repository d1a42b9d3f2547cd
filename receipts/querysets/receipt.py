"""Reads of receipts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from channels_cfg.models import Channel, ErrorCode
from channels_cfg.wire import Flag, Kind

if TYPE_CHECKING:
    from receipts.models import Receipt, Sighting  # noqa: F401

# Kept beside a receipt, but shown only when asked for, or never.
HEAVY = ("payload", "content", "digest", "template_change")


class Repeats(NamedTuple):
    """How often a receipt came again, and by which roads."""

    times: int
    modes: frozenset[str]


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Receipts; each method keeps some of them."""

    def light(self) -> "ReceiptQuerySet":
        """Leave the heavy columns in the table."""
        return self.defer(*HEAVY)

    def occurred(self, **bounds: datetime) -> "ReceiptQuerySet":
        """Keep those whose claimed time, else received time, fits (``gte``, ``lt``)."""
        rows = self.alias(occurred=Coalesce("claimed_at", "received_at"))
        return rows.filter(**{f"occurred__{name}": at for name, at in bounds.items()})

    def flagged(self, word: str) -> "ReceiptQuerySet":
        """Keep those with a flag, in the public word."""
        if word == "repeated":
            again = apps.get_model("receipts", "Sighting").objects
            return self.filter(Exists(again.filter(receipt_id=OuterRef("pk"))))
        if word == "several_recipients":
            messages = apps.get_model("receipts", "Message").objects
            same = messages.filter(
                channel=OuterRef("channel"), message_id=OuterRef("message_id")
            )
            return self.filter(Exists(same.filter(slot="", recipients__gt=1)))
        bit = Flag[word.upper()].value
        return self.alias(marks=F("flags").bitand(bit)).filter(marks__gt=0)

    def failed_by(self, owner: str) -> "ReceiptQuerySet":
        """Keep those whose error, says our dictionary, ``owner`` must act on."""
        codes: dict[str, list[str]] = {}
        for provider, code in ErrorCode.objects.filter(owner=owner).values_list(
            "provider", "code"
        ):
            codes.setdefault(provider, []).append(code)
        return self.filter(_any_of(codes)) if codes else self.none()

    def events(self) -> "ReceiptQuerySet":
        """Keep what belongs to a conversation but to no message's delivery."""
        return self.filter(
            Q(conversation_id__isnull=False, message_id__isnull=True)
            | Q(conversation_id__isnull=False, kind=Kind.SUBSCRIPTION)
        )


def _any_of(codes: Mapping[str, Collection[str]]) -> Q:
    channels: dict[str, list[int]] = {}
    for pk, provider in Channel.objects.values_list("pk", "provider"):
        channels.setdefault(provider, []).append(pk)
    found = Q(pk__in=())
    for provider, words in codes.items():
        of_provider = channels.get(provider, ())
        found |= Q(channel__in=of_provider, error_code__in=words)
    return found


class SightingQuerySet(models.QuerySet["Sighting"]):
    """Repeats of receipts."""

    def repeats(self, receipts: Iterable[int]) -> dict[int, Repeats]:
        """Return how often each of ``receipts`` came again; those that did not lack."""
        rows = self.filter(receipt_id__in=list(receipts)).values_list(
            "receipt_id", "mode"
        )
        found: dict[int, Repeats] = {}
        for pk, mode, times in rows.annotate(times=Count("pk")).order_by():
            before = found.get(pk, Repeats(0, frozenset()))
            found[pk] = Repeats(before.times + times, before.modes | {mode})
        return found
