"""Timeline entries as the public sees them."""

from collections.abc import Sequence

from receipts import shapes
from receipts.presenting.messages import show_messages
from receipts.presenting.receipts import show_receipts
from receipts.timeline import Entry


def show_timeline(
    entries: Sequence[Entry], *, is_clear: bool
) -> list[shapes.TimelineEntry]:
    """Return the public shape of each entry, in order."""
    told = [entry.message for entry in entries if entry.message]
    messages = iter(show_messages(told, is_clear=is_clear))
    events = [entry.receipt for entry in entries if entry.receipt]
    receipts = iter(show_receipts(events, is_clear=is_clear))
    return [
        shapes.TimelineEntry(
            at=entry.place.at,
            kind="message" if entry.message else "event",
            message=next(messages) if entry.message else None,
            receipt=next(receipts) if entry.receipt else None,
        )
        for entry in entries
    ]
