"""Counts, summed from the roll-ups; no receipt is read for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Sum

from channels_cfg.models import ErrorCode

if TYPE_CHECKING:
    from receipts.models import ReceiptCount  # noqa: F401


class ToldCode(NamedTuple):
    """A provider's error code, and in how many receipts it was told."""

    provider: str
    code: str
    receipts: int
    last_hour: datetime


class ReceiptCountQuerySet(models.QuerySet["ReceiptCount"]):
    """Hours of new receipts."""

    def between(self, start: datetime, end: datetime) -> "ReceiptCountQuerySet":
        """Keep the hours from ``start`` on and before ``end``."""
        return self.filter(hour__gte=start, hour__lt=end)

    def by_hour(self, groups: Sequence[str], limit: int) -> list[dict[str, Any]]:
        """Return ``start``, each of ``groups`` and ``count``; empty groups lack."""
        rows = self.annotate(start=F("hour")).values("start", *groups).order_by()
        summed = rows.annotate(count=Sum("n")).filter(count__gt=0)
        return list(summed.order_by("start", *groups)[:limit])

    def told_codes(self, since: datetime, limit: int = 200) -> list[ToldCode]:
        """Return codes seen since then, the most frequent first."""
        seen = self.filter(hour__gte=since, error_code__isnull=False)
        rows = seen.values_list("channel__provider", "error_code").order_by()
        counted = rows.annotate(count=Sum("n"), last=Max("hour")).filter(count__gt=0)
        ordered = counted.order_by("-count", "channel__provider", "error_code")
        return [ToldCode(*row) for row in ordered[:limit]]

    def unknown_codes(self, since: datetime, limit: int = 200) -> list[ToldCode]:
        """Return those of them that the dictionary does not explain.

        An unknown code is a normal case: somebody fills it in when it matters.
        """
        known = ErrorCode.objects.filter(
            provider=OuterRef("channel__provider"), code=OuterRef("error_code")
        )
        return self.exclude(Exists(known)).told_codes(since, limit)
