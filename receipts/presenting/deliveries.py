"""Callbacks and quarantined items as the public sees them."""

from collections.abc import Sequence

import msgspec

from receipts import masking, shapes
from receipts.models import Callback, QuarantinedItem
from receipts.presenting import lookups


def show_callbacks(
    rows: Sequence[Callback], *, is_clear: bool
) -> list[shapes.Callback]:
    """Return the public shape of each callback; rows come from ``light``."""
    channels = lookups.channels(row.channel_id for row in rows)
    return [
        shapes.Callback(
            id=str(row.pk),
            channel=channels[row.channel_id].key,
            receipt_type=row.receipt_type,
            mode=row.mode,
            received_at=row.received_at,
            processed_at=row.processed_at,
            state=row.state,
            items=row.items,
            new=row.new,
            duplicates=row.duplicates,
            quarantined=row.quarantined,
            ack_ms=row.ack_ms,
            bytes=vars(row)["bytes"],
            error=row.error if is_clear else masking.mask_text(row.error),
        )
        for row in rows
    ]


def show_quarantine(
    rows: Sequence[QuarantinedItem], *, is_clear: bool, with_item: bool
) -> list[shapes.QuarantinedItem]:
    """Return the public shape of each item; rows come from ``with_item_up_to``."""
    channels = lookups.channels(row.channel_id for row in rows)
    return [
        shapes.QuarantinedItem(
            id=str(row.pk),
            channel=channels[row.channel_id].key,
            callback=str(row.callback_id),
            position=row.position,
            reason=row.reason if is_clear else masking.mask_text(row.reason) or "",
            state=row.state,
            created_at=row.created_at,
            item=_text(vars(row)["shown_item"]) if with_item else msgspec.UNSET,
        )
        for row in rows
    ]


def _text(raw: bytes | memoryview | None) -> str | None:
    return None if raw is None else bytes(raw).decode(errors="replace")
