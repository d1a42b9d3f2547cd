"""Ignoring what cannot be read: with a reason, and until when."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from receipts.models import QuarantinedItem
from receipts.querysets.callback import CallbackQuerySet, QuarantineQuerySet

MOST_CALLBACKS = 1_000  # at once
_LONGEST_CAUSE = 64
# A callback that failed as a whole has no item: one is made that stands for it, so
# that it is ignored, opened again, replayed and removed like any other.
_STAND_FOR = """
INSERT INTO receipts_quarantineditem (channel_id, callback_id, received_at, position,
    reason, cause, item, state, note, created_at, closed_at, ignored_until)
SELECT c.channel_id, c.id, c.received_at, NULL, coalesce(c.error, ''),
    left(split_part(coalesce(c.error, ''), ':', 1), %s), c.body, 'ignored', %s,
    clock_timestamp(), clock_timestamp(), %s
FROM receipts_callback c
WHERE c.id = ANY(%s) AND c.received_at BETWEEN %s AND %s AND c.state = 'failed'
ON CONFLICT (callback_id, position) DO NOTHING
"""


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


def ignore_callbacks(
    callbacks: CallbackQuerySet, reason: str, until: datetime | None
) -> int:
    """Ignore callbacks that failed as a whole, 1,000 at most; return how many.

    One that fails later is open, also of the same cause.
    """
    found = list(callbacks.values_list("pk", "received_at")[:MOST_CALLBACKS])
    if not found:
        return 0
    ids, times = zip(*found, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _STAND_FOR,
            [_LONGEST_CAUSE, reason, until, list(ids), min(times), max(times)],
        )
        return int(cursor.rowcount)


def reopen(items: QuarantineQuerySet) -> int:
    """Open the ignored ones of ``items`` again; return how many."""
    return items.filter(state=QuarantinedItem.State.IGNORED).update(
        state=QuarantinedItem.State.OPEN, closed_at=None, ignored_until=None
    )


def reopen_due() -> int:
    """Open again what was ignored until now; return how many."""
    return reopen(QuarantinedItem.objects.filter(ignored_until__lte=timezone.now()))
