"""Where another conversation of the provider begins within one of ours."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from receipts.models import Message, Receipt
from receipts.timeline import Entry


class Theirs(NamedTuple):
    """The provider's own conversation, and what it calls its type."""

    id: str
    type: str


def beginnings(entries: Sequence[Entry]) -> list[Theirs | None]:
    """Return, for each entry, the provider's conversation that begins with it.

    None where none was told or where the one before goes on. Takes one statement.
    """
    return list(_changes(entries, _of_messages(entries)))


def _changes(
    entries: Sequence[Entry], known: dict[tuple[int, str], Theirs]
) -> Iterator[Theirs | None]:
    present = ""
    for entry in entries:
        theirs = _of(entry, known)
        if theirs is None or theirs.id == present:
            yield None
        else:
            present = theirs.id
            yield theirs


def _of(entry: Entry, known: dict[tuple[int, str], Theirs]) -> Theirs | None:
    if entry.message is not None:
        return known.get((entry.message.channel_id, entry.message.message_id))
    receipt = entry.receipt
    if receipt is None or not receipt.provider_conversation_id:
        return None
    return Theirs(receipt.provider_conversation_id, receipt.conversation_type or "")


def _of_messages(entries: Sequence[Entry]) -> dict[tuple[int, str], Theirs]:
    messages: list[Message] = [each.message for each in entries if each.message]
    if not messages:
        return {}
    rows = Receipt.objects.filter(
        channel__in={each.channel_id for each in messages},
        message_id__in=[each.message_id for each in messages],
        provider_conversation_id__isnull=False,
        # No receipt came before its message's first time, nor after its last: these
        # bounds leave out the partitions of other months.
        received_at__gte=min(each.first_at for each in messages),
        received_at__lte=max(each.last_at for each in messages),
    ).order_by("received_at", "id")
    found: dict[tuple[int, str], Theirs] = {}
    for channel, message, theirs, kind in rows.values_list(
        "channel_id", "message_id", "provider_conversation_id", "conversation_type"
    ):
        found.setdefault((channel, str(message)), Theirs(str(theirs), kind or ""))
    return found
