"""Reads of callbacks and of what was quarantined of them."""

from datetime import datetime
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


def within(start: datetime | None, end: datetime | None) -> models.Q:
    """Return the condition on ``received_at``: from ``start`` on, before ``end``."""
    bounds = {"received_at__gte": start, "received_at__lt": end}
    return models.Q(**{name: at for name, at in bounds.items() if at is not None})


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

    def read_before(self) -> "CallbackQuerySet":
        """Leave out those that wait for their first reading: they cannot be replayed."""
        return self.exclude(state="pending")

    def received(
        self, start: datetime | None, end: datetime | None
    ) -> "CallbackQuerySet":
        """Keep those received from ``start`` on and before ``end``; None: no bound."""
        return self.filter(within(start, end))


class QuarantineQuerySet(models.QuerySet["QuarantinedItem"]):
    """Items that could not be read."""

    def open(self) -> "QuarantineQuerySet":
        """Keep those that nobody has dealt with."""
        return self.filter(state="open")

    def of_cause(self, cause: str) -> "QuarantineQuerySet":
        """Keep the open ones of a group, as the console shows it."""
        return self.open().filter(cause=cause)

    def received(
        self, start: datetime | None, end: datetime | None
    ) -> "QuarantineQuerySet":
        """Keep those whose callback was received in between; None: no bound."""
        return self.filter(within(start, end))

    def with_item_up_to(self, size: int) -> "QuarantineQuerySet":
        """Give ``shown_item``: the raw item, or None where it is larger."""
        small = When(size__lte=size, then=F("item"))
        sized = self.defer("item").alias(size=OctetLength("item"))
        return sized.annotate(shown_item=Case(small, default=Value(None)))
