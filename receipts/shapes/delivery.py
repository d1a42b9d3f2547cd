"""The public shapes of callbacks and of what could not be read of them."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from receipts.shapes.parts import ChannelKey, Id, Mode, PathType, Time, words


class Callback(msgspec.Struct, kw_only=True, frozen=True):
    """One delivery to us: one POST or one queue message. Counts are null until read."""

    id: Id
    channel: ChannelKey
    receipt_type: Annotated[PathType, Meta(description="Its path's or queue's.")]
    mode: Mode
    received_at: Time
    processed_at: Time | None
    state: Annotated[str, words(("pending", "done", "partly", "failed"))]
    items: int | None
    new: int | None
    duplicates: int | None
    quarantined: int | None
    ack_ms: float | None
    bytes: int
    error: str | None


class QuarantinedItem(msgspec.Struct, kw_only=True, frozen=True):
    """An item, or a whole body, that could not be read."""

    id: Id
    channel: ChannelKey
    callback: Id
    position: Annotated[int | None, Meta(description="From 0; null: the whole body.")]
    reason: str
    state: Annotated[str, words(("open", "replayed", "ignored"))]
    created_at: Time
    item: Annotated[
        str | UnsetType | None,
        Meta(
            description="As it came, as text; only with `raw:read` and `pii:read`. "
            "Null in lists where it is over 64 KiB."
        ),
    ] = UNSET


class Replayed(msgspec.Struct, kw_only=True, frozen=True):
    """What reading an item again gave."""

    receipts: int
    duplicates: int
    quarantined: int
