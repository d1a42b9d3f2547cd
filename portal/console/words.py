"""Our words for people: what a status means, and times as one says them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from channels_cfg.wire import IdentityKind, Status

STATUS_MEANINGS: Mapping[str, str] = {
    Status.QUEUED: "The provider has taken the message and will send it.",
    Status.SENT: "The provider has sent the message on.",
    Status.CHANNEL: "The message has reached the chat service.",
    Status.DELIVERED: "The message is on the person's device.",
    Status.READ: "The person has opened the message.",
    Status.PLAYED: "The person has played the voice message.",
    Status.FAILED: "The message could not be delivered.",
    Status.REJECTED: "The message was refused before it was sent.",
    Status.EXPIRED: "The message was not delivered in time and will not be.",
    Status.CANCELLED: "The message was called back before it was sent.",
    Status.DELETED: "The message was deleted; that says nothing of delivery.",
    Status.RECEIVED: "A message from the person.",
    Status.UNKNOWN: "The provider used a word that we do not know.",
}

FLAG_MEANINGS: Mapping[str, str] = {
    "late": "It arrived after a higher step.",
    "repeated": "It arrived more than once; it counts once.",
    "contradiction": "A failure of a message that was delivered.",
    "unexpected_type": "It came on a path for another receipt type.",
    "other_account": "It names another account or address than its channel's.",
    "time_unusable": "The provider's time could not be used.",
    "sanitised": "Characters that no database can hold were replaced.",
    "several_recipients": "One message id stands for several recipients.",
    "unknown_status": "The provider used a word that we do not know.",
}
IDENTITY_KINDS: Mapping[str, str] = {
    IdentityKind.PHONE: "Phone",
    IdentityKind.USER_ID: "User ID (BSUID)",
    IdentityKind.PARENT_USER_ID: "Parent user ID",
    IdentityKind.CHANNEL_USER_ID: "User ID of the channel",
    IdentityKind.USERNAME: "User name",
}

_UNITS = (
    ("y", 31_557_600),
    ("mo", 2_629_800),
    ("d", 86_400),
    ("h", 3_600),
    ("min", 60),
    ("s", 1),
)
_JUST_NOW = 5


def ago(moment: datetime, now: datetime) -> str:
    """Say how far ``moment`` is from ``now``: "3 min ago", "in 2 h"."""
    seconds = round((now - moment).total_seconds())
    if abs(seconds) < _JUST_NOW:
        return "just now"
    text = span(timedelta(seconds=abs(seconds)))
    return f"in {text}" if seconds < 0 else f"{text} ago"


def span(length: timedelta) -> str:
    """Say a length of time in its largest unit, rounded down."""
    seconds = int(length.total_seconds())
    unit, size = next((u for u in _UNITS if seconds >= u[1]), _UNITS[-1])
    return f"{seconds // size} {unit}"


def exact(moment: datetime) -> str:
    """Return ``moment`` in UTC to the millisecond, without the zone's name."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3]


def without_code(description: str | None, code: str | None) -> str:
    """Return a provider's description without the code that it begins with."""
    text = description or ""
    return text.removeprefix(f"{code}:").strip() if code else text
