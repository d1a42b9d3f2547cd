"""The public shape of a receipt."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from channels_cfg.wire import ClaimedMeaning
from receipts.shapes.parts import (
    ChannelKey,
    Error,
    FlagWord,
    Id,
    ItemType,
    KindWord,
    LegStatus,
    Mode,
    TemplateName,
    Time,
    User,
    words,
)


class Receipt(msgspec.Struct, kw_only=True, frozen=True):
    """One thing a provider told us. Null means: not told."""

    id: Id
    channel: ChannelKey
    channel_type: str
    provider: str
    receipt_type: Annotated[ItemType, Meta(description="The item's own.")]
    mode: Annotated[Mode, Meta(description="The road that brought it first.")]
    modes: Annotated[list[Mode], Meta(description="All roads so far.")]
    kind: KindWord
    message_id: str | None
    task_id: str | None
    batch_id: str | None
    client_batch_id: str | None
    conversation: Id | None
    provider_conversation_id: str | None
    conversation_type: str | None
    status: Annotated[LegStatus | None, Meta(description="Set for kind `status`.")]
    raw_status: Annotated[str | None, Meta(description="The provider's word.")]
    raw_detail: str | None
    status_description: str | None
    error: Error | None
    business_address: str | None
    user: User
    template: TemplateName | None
    message_type: str | None
    frame_type: str | None
    leg: Annotated[str | None, Meta(description="Channel type that a status is about.")]
    occurred_at: Annotated[Time, Meta(description="`claimed_at`, else `received_at`.")]
    claimed_at: Annotated[Time | None, Meta(description="The provider's clock.")]
    claimed_meaning: Annotated[str, words(ClaimedMeaning)] | None
    received_at: Time
    stored_at: Time
    times_seen: int
    flags: list[FlagWord]
    callback: Id
    payload: Annotated[
        msgspec.Raw | UnsetType,
        Meta(
            description="The item as the provider sent it; only with "
            "`include=payload`, which needs `raw:read` and `pii:read`."
        ),
    ] = UNSET
