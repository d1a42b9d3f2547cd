"""The public shape of a channel."""

import msgspec

from receipts.shapes.parts import PathType, Time


class ChannelCallback(msgspec.Struct, kw_only=True, frozen=True):
    """A callback path of a channel. The path itself is a secret and not shown."""

    receipt_type: PathType
    enabled: bool
    last_received_at: Time | None


class ChannelQueue(msgspec.Struct, kw_only=True, frozen=True):
    """A queue that we pull for a channel."""

    receipt_type: PathType
    queue_name: str
    enabled: bool
    last_pulled_at: Time | None


class Channel(msgspec.Struct, kw_only=True, frozen=True):
    """One account or sender at a provider, as configured."""

    key: str
    name: str
    provider: str
    type: str
    active: bool
    account: dict[str, object]
    addresses: list[str]
    callbacks: list[ChannelCallback]
    queues: list[ChannelQueue]
