"""The public shapes of a conversation and its timeline."""

from typing import Annotated

import msgspec
from msgspec import Meta

from receipts.shapes.message import Message
from receipts.shapes.parts import ChannelKey, Id, Identity, Time, User
from receipts.shapes.receipt import Receipt


class Conversation(msgspec.Struct, kw_only=True, frozen=True):
    """One person on one channel, channel type and business address."""

    id: Id
    channel: ChannelKey
    channel_type: str
    provider: str
    business_address: str | None
    user: User
    identities: list[Identity]
    first_at: Time
    last_at: Time
    messages: int
    window_closes_at: Annotated[
        Time | None, Meta(description="Until then free-form answers are allowed.")
    ]


class TimelineEntry(msgspec.Struct, kw_only=True, frozen=True):
    """A message with its steps, or an event that belongs to no message."""

    at: Time
    kind: Annotated[str, Meta(extra_json_schema={"enum": ["message", "event"]})]
    message: Message | None
    receipt: Receipt | None
