"""Ignoring what cannot be read: with a reason, and until when."""

from datetime import datetime

from django.utils import timezone

from receipts.models import QuarantinedItem
from receipts.querysets.callback import QuarantineQuerySet


def ignore(items: QuarantineQuerySet, reason: str, until: datetime | None) -> int:
    """Close the open ones of ``items`` without reading them; return how many.

    Their bytes stay. What comes later is open, also of the same cause.
    """
    return items.filter(state=QuarantinedItem.State.OPEN).update(
        state=QuarantinedItem.State.IGNORED,
        note=reason,
        closed_at=timezone.now(),
        ignored_until=until,
    )


def reopen_due() -> int:
    """Open again what was ignored until now; return how many."""
    due = QuarantinedItem.objects.filter(
        state=QuarantinedItem.State.IGNORED, ignored_until__lte=timezone.now()
    )
    return due.update(
        state=QuarantinedItem.State.OPEN, closed_at=None, ignored_until=None
    )
