"""Counts, summed from the roll-ups; no receipt is read for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.db.models.functions import TruncDay

if TYPE_CHECKING:
    from receipts.models import ReceiptCount  # noqa: F401


class ReceiptCountQuerySet(models.QuerySet["ReceiptCount"]):
    """Hours of new receipts."""

    def between(self, start: datetime, end: datetime) -> "ReceiptCountQuerySet":
        """Keep the hours from ``start`` on and before ``end``."""
        return self.filter(hour__gte=start, hour__lt=end)

    def summed(
        self, interval: str, groups: Sequence[str], limit: int
    ) -> list[dict[str, Any]]:
        """Return ``start``, each of ``groups`` and ``count``, in that order.

        ``interval`` is hour or day, in UTC. Empty groups lack.
        """
        start = TruncDay("hour") if interval == "day" else models.F("hour")
        rows = self.annotate(start=start).values("start", *groups).order_by()
        summed = rows.annotate(count=Sum("n")).filter(count__gt=0)
        return list(summed.order_by("start", *groups)[:limit])
