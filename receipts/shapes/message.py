"""The public shape of a message."""

from typing import Annotated

import msgspec
from msgspec import Meta

from receipts.shapes.parts import (
    ChannelKey,
    Error,
    FlagWord,
    Id,
    LegStatus,
    StatusWord,
    TemplateName,
    Time,
    words,
)


class Leg(msgspec.Struct, kw_only=True, frozen=True):
    """One road of a message that fell back from one channel type to another."""

    leg: Annotated[str, Meta(description="Channel type.")]
    status: LegStatus


class Steps(msgspec.Struct, kw_only=True, frozen=True):
    """When a message reached each step; null where no receipt told a time."""

    queued_at: Time | None
    sent_at: Time | None
    channel_at: Annotated[Time | None, Meta(description="Reached the chat service.")]
    delivered_at: Time | None
    read_at: Time | None
    played_at: Time | None
    failed_at: Time | None


class Media(msgspec.Struct, kw_only=True, frozen=True):
    """A link to a file of a message; it dies at ``expires_at``."""

    url: str | None
    expires_at: Time | None
    mime_type: str | None
    filename: str | None


class Content(msgspec.Struct, kw_only=True, frozen=True):
    """What a message said, as far as a receipt tells."""

    type: str
    text: str | None
    media: Media | None
    details: Annotated[
        dict[str, object] | None,
        Meta(description="What has no field of its own: coordinates, buttons …"),
    ]
    masked: Annotated[
        bool, Meta(description="True without `pii:read`: texts and links are null.")
    ]


class Message(msgspec.Struct, kw_only=True, frozen=True):
    """What became of one message, folded from its receipts."""

    id: Id
    channel: ChannelKey
    channel_type: str
    provider: str
    message_id: str
    task_id: str | None
    direction: Annotated[
        str,
        Meta(
            description="`mt`: to the person; `mo`: from the person.",
            extra_json_schema={"enum": ["mt", "mo"]},
        ),
    ]
    conversation: Id | None
    status: StatusWord
    contradiction: Annotated[
        bool, Meta(description="A failure was told of a delivered message.")
    ]
    implied: Annotated[
        list[Annotated[str, words(("sent", "delivered"))]],
        Meta(description="Steps known only because a later one was seen."),
    ]
    ceiling: Annotated[
        str,
        Meta(
            description="The highest status this channel type can ever report.",
            extra_json_schema={"enum": ["sent", "delivered", "read"]},
        ),
    ]
    legs: Annotated[list[Leg], Meta(description="Empty but for fallback.")]
    steps: Annotated[Steps, Meta(description="By the provider's clock.")]
    steps_received: Annotated[Steps, Meta(description="By our clock.")]
    error: Error | None
    template: TemplateName | None
    message_type: str | None
    content: Content | None
    reply_to: Annotated[str | None, Meta(description="Message id that is answered.")]
    read_window_closes_at: Annotated[
        Time | None, Meta(description="After it, unread means: read unknown.")
    ]
    first_at: Time
    last_at: Time
    receipts: int
    flags: list[FlagWord]
