"""Our words for what providers tell: plain enums. Import them from ``wire``.

A word of a provider never stands here: each folder has its own table beside ours.
"""

from collections.abc import Mapping
from enum import IntFlag, StrEnum


class ReceiptType(StrEnum):
    """What a callback path or a queue carries; ``OTHER`` is only an item's own."""

    MT_STATUS = "mt_status"
    MO_MESSAGE = "mo_message"
    TEMPLATE_AUDIT = "template_audit"
    ANY = "any"
    OTHER = "other"


class ReceiptMode(StrEnum):
    """How a receipt reaches us: they push, or we pull their queue."""

    PUSH = "push"
    QUEUE = "queue"


class Kind(StrEnum):
    """What a receipt is about."""

    STATUS = "status"
    INBOUND = "inbound"
    ECHO = "echo"
    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"
    ACCOUNT = "account"
    ENGAGEMENT = "engagement"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """What became of a message, in our word (``raw_status`` is theirs)."""

    QUEUED = "queued"
    SENT = "sent"
    CHANNEL = "channel"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DELETED = "deleted"
    RECEIVED = "received"
    UNKNOWN = "unknown"


# How far a message got; a failure, a deletion and an unknown word have no rank.
RANKS: Mapping[str, int] = {
    Status.QUEUED: 10,
    Status.SENT: 20,
    Status.CHANNEL: 30,
    Status.DELIVERED: 40,
    Status.READ: 50,
    Status.PLAYED: 60,
}
STATUS_OF_RANK: Mapping[int, Status] = {r: Status(s) for s, r in RANKS.items()}
FAILURES = frozenset({Status.FAILED, Status.REJECTED, Status.EXPIRED, Status.CANCELLED})


class ClaimedMeaning(StrEnum):
    """What the provider's time says: when it was sent, or when the event was."""

    SENT = "sent"
    EVENT = "event"


class IdentityKind(StrEnum):
    """How a provider names a person. User names change hands: they merge nobody."""

    PHONE = "phone"  # digits (stars where masked), shown with a plus
    USER_ID = "user_id"  # WhatsApp business-scoped user id (BSUID), verbatim
    PARENT_USER_ID = "parent_user_id"  # parent BSUID, verbatim
    CHANNEL_USER_ID = "channel_user_id"  # page-scoped, LINE, chat id, verbatim
    USERNAME = "username"


class Flag(IntFlag):
    """Marks on a receipt; stored as one number, shown as words."""

    LATE = 1
    CONTRADICTION = 2
    UNEXPECTED_TYPE = 4
    OTHER_ACCOUNT = 8
    TIME_UNUSABLE = 16
    SANITISED = 32
    UNKNOWN_STATUS = 64
