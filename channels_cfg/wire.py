"""The seam between a provider's words and ours: plain values, no Django, no I/O, no clock.

An adapter turns the bytes of one callback into items, and each item into a
``ReceiptEvent``. Its errors:

    WireError
    ├── BadSignature   the caller is not who the channel says; nothing is kept
    ├── BadBody        the body cannot be cut into items; the callback fails
    └── BadItem        one item cannot be read; it is quarantined, the rest go on
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from channels_cfg.vocabulary import (
    FAILURES,
    RANKS,
    STATUS_OF_RANK,
    ClaimedMeaning,
    Flag,
    IdentityKind,
    Kind,
    ReceiptMode,
    ReceiptType,
    Status,
)

__all__ = [
    "FAILURES",
    "RANKS",
    "STATUS_OF_RANK",
    "Ack",
    "Adapter",
    "BadBody",
    "BadItem",
    "BadSignature",
    "ClaimedMeaning",
    "Content",
    "Failure",
    "Flag",
    "Identity",
    "IdentityKind",
    "Kind",
    "Limits",
    "Media",
    "ReceiptEvent",
    "ReceiptMode",
    "ReceiptType",
    "Secrets",
    "Setting",
    "Status",
    "TemplateChange",
    "Where",
    "WireError",
]


class WireError(Exception):
    """What an adapter may raise."""


class BadSignature(WireError):
    """The caller did not prove that it is the provider."""


class BadBody(WireError):
    """The body cannot be cut into items."""


class BadItem(WireError):
    """One item cannot be read; the message says why, in words for ops staff."""


class Identity(msgspec.Struct, frozen=True):
    """One way to name a person; ``value`` is as it is stored and compared."""

    kind: IdentityKind
    value: str


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a message failed, in the provider's words; codes are text, '' if none."""

    code: str = ""
    upstream_code: str = ""  # Meta's or Viber's own, where the provider tells it
    description: str = ""


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A link to a file of a message; it dies after the provider's media life."""

    url: str
    mime_type: str = ""
    filename: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a message said, as far as a receipt tells.

    ``type`` is lower case: text, image, video, audio, document, location, contacts,
    reply, interactive, template, system, sticker, reaction or ``unsupported``.
    ``details`` holds what has no field of its own (coordinates, buttons, the raw
    message of an unsupported type), JSON-able values only.
    """

    type: str
    text: str = ""
    media: Media | None = None
    details: dict[str, object] = {}


class TemplateChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a template receipt changes; an empty field says nothing about it.

    ``aspect``: review, quality or category. ``raw_status`` is the provider's word,
    ``status`` ours: approved, rejected, pending, paused, disabled, deleted,
    flagged, archived, unknown; '' when the receipt tells none.
    """

    aspect: str
    status: str = ""
    raw_status: str = ""
    quality: str = ""
    category: str = ""
    reason: str = ""


class ReceiptEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a provider told us, in our words; '' is "not told".

    ``key`` is what makes the receipt once within its channel: made of fields as
    read, never of raw text, of the road or of our clock. A key that must also
    forget after a while (no id, no time: CAMS audits) sets ``key_lasts``: an equal
    key offered later than that is a new receipt.
    """

    receipt_type: ReceiptType
    kind: Kind
    key: tuple[str, ...]
    key_lasts: timedelta | None = None

    # The message it is about; ``recipient_number`` only where one message id may
    # stand for several recipients (CAMS); digits, and stars where it came masked.
    message_id: str = ""
    recipient_number: str = ""
    task_id: str = ""
    batch_id: str = ""
    client_batch_id: str = ""
    reply_to: str = ""  # id of the message that is answered

    status: Status | None = None  # kind status; None otherwise
    raw_status: str = ""
    raw_detail: str = ""
    status_description: str = ""
    failure: Failure | None = None

    channel_type: str = ""  # whatsapp, viber, …; '' means the channel's own type
    business_address: str = ""  # as compared: digits of a number, or an id verbatim
    other_addresses: tuple[str, ...] = ()  # further ones that may name the channel
    account_ids: tuple[tuple[str, str], ...] = ()  # ("cust_space_id", "cams-1"), …
    identities: tuple[Identity, ...] = ()  # of the person, never of the business
    provider_conversation_id: str = ""
    conversation_type: str = ""

    template_code: str = ""
    template_name: str = ""
    template_language: str = ""
    template: TemplateChange | None = None

    message_type: str = ""  # their word, lower case: template, interactive, …
    frame_type: str = ""  # message or template (CAMS MsgFrameType)
    content: Content | None = None

    claimed_at: datetime | None = None  # theirs, aware, UTC; None if unusable
    claimed_meaning: ClaimedMeaning | None = None
    flags: Flag = Flag(0)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's clocks and ends, as data.

    ``ceilings`` maps a channel type to the highest status it can ever report;
    types that are missing go to read. ``service_window`` maps a channel type to how
    long after a person's message free-form answers are allowed.
    """

    ack_limit: timedelta
    retry_after: tuple[timedelta, ...]  # counted from the first attempt
    read_window: timedelta | None = None
    media_life: timedelta | None = None
    ceilings: Mapping[str, Status] = {}
    service_window: Mapping[str, timedelta] = {}


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in the provider's words."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter may check a caller with; several of each live while rotating."""

    signing: tuple[str, ...] = ()  # e.g. Meta's app secret
    verify_tokens: tuple[str, ...] = ()  # e.g. Meta's hub.verify_token


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One account id that a channel of this provider may have, for its form."""

    name: str
    label: str
    help: str = ""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where in the provider's console a callback URL belongs."""

    receipt_type: ReceiptType
    channel_type: str  # '' means every channel type
    menu: str  # "Channel Management > Manage > WABA Management > Configure Webhook"
    field: str  # "Status Report Callback URL"


class Adapter(Protocol):
    """What a provider's folder offers as ``ADAPTER``. Pure: bytes and values only."""

    slug: str
    label: str
    receipt_types: tuple[ReceiptType, ...]  # for which a callback path can be made
    queue_types: tuple[ReceiptType, ...]  # which can be pulled; () has no queues
    channel_types: tuple[str, ...]  # known ones, an open list; first is the default
    account_settings: tuple[Setting, ...]
    console: tuple[Where, ...]
    limits: Limits

    def handshake(self, query: Mapping[str, str], secrets: Secrets) -> Ack | None:
        """Answer a GET on a callback path; None answers 200 with nothing."""

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Secrets) -> None:
        """Raise ``BadSignature`` unless ``body`` is the provider's.

        ``headers`` has lower-case names. A provider that signs nothing does nothing
        here: its secret path is the proof.
        """

    def split(self, body: bytes) -> Sequence[bytes]:
        """Cut ``body`` into items, each a JSON text of its own. Raises ``BadBody``."""

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        """Read one decoded item that came as ``receipt_type``.

        An item of another type is read as what it unmistakably is: the event says its
        own type. ``channel_type`` is the channel's own, for providers whose items name
        none. Raises ``BadItem``.
        """

    def ack(self) -> Ack:
        """Return what the provider counts as received."""
