"""What is already stored of the messages that a batch is about."""

from collections.abc import Iterable

import msgspec

from receipts.models import Message
from receipts.processing.facts import ScopeKey
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.messages import MessageKey

_FIND = (
    "SELECT m.channel_id, m.message_id, m.slot, m.number, m.recipients, "
    "m.numberless, m.legs IS NOT NULL, m.channel_type, root.id, "
    "coalesce(root.channel_type, m.channel_type), "
    "coalesce(root.business_address, m.business_address, '') FROM "
    f"{recordset('channel_id bigint, message_id text')} "
    "JOIN receipts_message m ON m.channel_id = x.channel_id "
    "AND m.message_id = x.message_id "
    "LEFT JOIN receipts_conversation c ON c.id = m.conversation_id "
    "LEFT JOIN receipts_conversation root ON root.id = coalesce(c.merged_into_id, c.id)"
)


class _Key(msgspec.Struct):
    channel_id: int
    message_id: str


class StoredMessage(msgspec.Struct):
    """A message row, as far as a new fact must know it."""

    channel_id: int
    message_id: str
    slot: str
    number: str | None
    recipients: int
    numberless: int
    has_legs: bool
    channel_type: str
    conversation_id: int | None  # the root
    scope_type: str  # of that conversation, which may be another leg's
    scope_address: str

    @property
    def key(self) -> MessageKey:
        return (self.channel_id, self.message_id)

    @property
    def scope(self) -> ScopeKey:
        return (self.channel_id, self.scope_type, self.scope_address)

    @property
    def names_person_without_number(self) -> bool:
        return self.numberless == Message.Numberless.WITH_PERSON


def stored_messages(
    keys: Iterable[MessageKey],
) -> dict[MessageKey, list[StoredMessage]]:
    """Return the rows of each message id, without locking them."""
    found: dict[MessageKey, list[StoredMessage]] = {}
    rows = [_Key(*key) for key in keys]
    for row in run(_FIND, as_json(rows)) if rows else ():
        message = StoredMessage(*row)
        found.setdefault(message.key, []).append(message)
    return found
