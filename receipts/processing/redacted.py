"""Callbacks of which single items were erased: the others stay, in their places.

Such a body is no longer what came, but a JSON array of its items, each with its own
bytes; an erased one is ``null``. ``Callback.redacted_at`` says that a body is one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from channels_cfg import registry
from channels_cfg.json_text import split_array
from channels_cfg.wire import Adapter, BadBody
from receipts.processing.directory import directory
from receipts.processing.facts import Fact
from receipts.processing.json_rows import run

ERASED = b"null"
_GET = (
    "SELECT channel_id, body, redacted_at FROM receipts_callback "
    "WHERE id = %s AND received_at = %s AND state <> 'pending' FOR UPDATE"
)
_PUT = (
    "UPDATE receipts_callback SET body = %s, redacted_at = clock_timestamp() "
    "WHERE id = %s AND received_at = %s"
)
_BLANK = (
    "UPDATE receipts_quarantineditem SET item = 'null', note = 'erased', "
    "state = CASE state WHEN 'open' THEN 'ignored' ELSE state END, "
    "closed_at = coalesce(closed_at, clock_timestamp()), ignored_until = NULL "
    "WHERE callback_id = %s AND position = ANY(%s)"
)
# A copy of a body that once could not be cut into items.
_BLANK_WHOLE = (
    "UPDATE receipts_quarantineditem SET item = %s "
    "WHERE callback_id = %s AND position IS NULL"
)


def items_of(body: bytes) -> list[bytes]:
    """Return the items of a redacted body, erased ones as ``ERASED``."""
    return split_array(body)


def seal(items: Sequence[bytes]) -> bytes:
    """Return items as a redacted body."""
    return b"[" + b",\n".join(items) + b"]"


def split(adapter: Adapter, body: bytes, *, is_redacted: bool) -> Sequence[bytes]:
    """Return the items of a kept body. Raises ``BadBody``."""
    return items_of(body) if is_redacted else adapter.split(body)


def adapter_of(channel_id: int) -> Adapter:
    """Return the adapter of a channel."""
    return registry.adapter(directory([channel_id]).places[channel_id].provider)


def redact(callback_id: UUID, received_at: datetime, gone: Collection[int]) -> int:
    """Take items out of a callback that was read; returns how many were still there.

    Call within a transaction. A body that cannot be cut (any more) is left alone.
    """
    rows = run(_GET, callback_id, received_at)
    run(_BLANK, callback_id, list(gone))
    if not rows:
        return 0
    channel_id, body, redacted_at = rows[0]
    try:
        items = split(
            adapter_of(channel_id), bytes(body), is_redacted=redacted_at is not None
        )
    except BadBody:
        return 0
    left = [ERASED if at in gone else item for at, item in enumerate(items)]
    erased = sum(a != b for a, b in zip(items, left, strict=True))
    if erased:
        sealed = seal(left)
        run(_PUT, sealed, callback_id, received_at)
        run(_BLANK_WHOLE, sealed, callback_id)
    return erased


def redact_repeats(facts: Sequence[Fact]) -> None:
    """Take out what repeats something erased, before it is kept in clear again.

    Call in the transaction that finished their callbacks.
    """
    found: dict[tuple[UUID, datetime], set[int]] = {}
    for fact in facts:
        if fact.is_erased:
            place = (fact.callback_id, fact.received_at)
            found.setdefault(place, set()).add(fact.position)
    for (callback_id, received_at), positions in found.items():
        redact(callback_id, received_at, positions)
