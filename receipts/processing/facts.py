"""A fact: one read item with all that we know of its coming. Plain values."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from channels_cfg.wire import IdentityKind, Kind, ReceiptEvent
from receipts.processing import bits

# Claims outside are a provider's slip or a stranger's joke: kept as null, flagged.
EARLIEST_CLAIM = datetime.fromisoformat("2010-01-01T00:00:00+00:00")
LATEST_CLAIM_AHEAD = timedelta(days=1)

MESSAGE_KINDS = frozenset({Kind.STATUS, Kind.INBOUND, Kind.ECHO})
PEOPLE_KINDS = MESSAGE_KINDS | {Kind.SUBSCRIPTION, Kind.ENGAGEMENT}

ScopeKey = tuple[int, str, str]  # channel, channel type, business address
IdentityKey = tuple[int, str, str, str, str]  # scope, kind, value


class Contended(Exception):
    """Other drains kept changing the same rows; the batch must be tried again."""


class Fact(msgspec.Struct, kw_only=True):
    """One item as read, and the circumstances in which it came.

    ``event`` is what the adapter read; the other fields are what the drain makes of
    it. ``receipt_id`` is None until the key is settled; ``is_new`` is False for a
    repeat, and ``is_gone`` is True for one whose receipt is kept no longer: it tells
    nothing any more. ``conversation_id`` is always a root once ``people`` has run.
    """

    event: ReceiptEvent
    callback_id: UUID
    position: int
    received_at: datetime
    offered_at: datetime
    mode: str
    channel_id: int
    channel_type: str
    payload: bytes
    digest: bytes
    reading: int  # a digest of the event: differs when a repeat tells something else
    claimed_at: datetime | None
    flags: int  # see bits
    receipt_id: int | None = None
    is_new: bool = False
    is_gone: bool = False
    is_erased: bool = False  # gone because its person was erased
    conversation_id: int | None = None
    known_keys: list[IdentityKey] | None = None  # see identity_keys

    @property
    def at(self) -> datetime:
        """When it happened, as far as anybody says: claimed, else received."""
        return self.claimed_at or self.received_at

    @property
    def number(self) -> str | None:
        """The recipient's number where it may tell messages of one id apart."""
        return self.event.recipient_number or None

    @property
    def scope(self) -> ScopeKey:
        """Within what one identity means one person."""
        return (self.channel_id, self.channel_type, self.event.business_address)

    @property
    def is_of_message(self) -> bool:
        """Whether it folds into a message."""
        return bool(self.event.message_id) and self.event.kind in MESSAGE_KINDS

    def identity_keys(self) -> list[IdentityKey]:
        """Return the identities that may merge conversations; worked out once."""
        if self.known_keys is None:
            self.known_keys = self._identity_keys()
        return self.known_keys

    def _identity_keys(self) -> list[IdentityKey]:
        scope = self.scope
        return [
            (*scope, each.kind.value, each.value)
            for each in self.event.identities
            if each.kind is not IdentityKind.USERNAME and each.value
        ]


def usable_claim(
    claimed_at: datetime | None, received_at: datetime
) -> tuple[datetime | None, int]:
    """Return the claim, or None and a flag when no clock can have meant it."""
    if claimed_at is None:
        return None, 0
    if EARLIEST_CLAIM <= claimed_at <= received_at + LATEST_CLAIM_AHEAD:
        return claimed_at, 0
    return None, bits.TIME_UNUSABLE
