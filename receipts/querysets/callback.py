"""Reads of callbacks and of what was quarantined of them."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Func, IntegerField, Value, When

from receipts.ids import span_of

if TYPE_CHECKING:
    from receipts.models import Callback, QuarantinedItem  # noqa: F401


class OctetLength(Func):
    """Size of a stored value in bytes, without fetching it."""

    function = "octet_length"
    output_field = IntegerField()


class CallbackQuerySet(models.QuerySet["Callback"]):
    """Callbacks as they came."""

    def light(self) -> "CallbackQuerySet":
        """Leave bodies and headers in the table; ``bytes`` is the size of the body."""
        return self.defer("body", "headers").annotate(bytes=OctetLength("body"))

    def numbered(self, uuid: UUID) -> "CallbackQuerySet":
        """Keep the one with this id; its time, kept in the id, names its partition."""
        try:
            span = span_of(uuid)
        except OverflowError:  # a time beyond the calendar: nobody made it
            span = None
        if span is None:
            return self.none()
        return self.filter(pk=uuid, received_at__gte=span[0], received_at__lt=span[1])


class QuarantineQuerySet(models.QuerySet["QuarantinedItem"]):
    """Items that could not be read."""

    def with_item_up_to(self, size: int) -> "QuarantineQuerySet":
        """Give ``shown_item``: the raw item, or None where it is larger."""
        small = When(size__lte=size, then=F("item"))
        sized = self.defer("item").alias(size=OctetLength("item"))
        return sized.annotate(shown_item=Case(small, default=Value(None)))
