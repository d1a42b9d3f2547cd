"""Conversations as the public sees them."""

from collections.abc import Sequence
from datetime import datetime

from receipts import masking, shapes
from receipts.models import Conversation, ConversationIdentity
from receipts.presenting import lookups, parts


def show_conversations(
    rows: Sequence[Conversation], *, is_clear: bool
) -> list[shapes.Conversation]:
    """Return the public shape of each conversation, in order."""
    if not rows:
        return []
    channels = lookups.channels(row.channel_id for row in rows)
    known = _identities(rows)
    return [
        shapes.Conversation(
            id=str(row.pk),
            channel=channels[row.channel_id].key,
            channel_type=row.channel_type,
            provider=channels[row.channel_id].provider,
            business_address=parts.address(row.business_address, row.channel_type),
            user=parts.user(known.get(row.pk, ()), is_clear=is_clear),
            identities=_show_identities(known.get(row.pk, []), is_clear),
            first_at=row.first_at,
            last_at=row.last_at,
            messages=row.messages,
            window_closes_at=window_end(row, channels[row.channel_id].provider),
        )
        for row in rows
    ]


def _identities(rows: Sequence[Conversation]) -> dict[int, list[tuple[str, str]]]:
    """Return kind and value by surviving conversation, oldest first."""
    roots = Conversation.objects.cluster(row.pk for row in rows)
    known = ConversationIdentity.objects.filter(conversation__in=roots)
    found: dict[int, list[tuple[str, str]]] = {}
    for identity in known.order_by("pk"):
        pairs = found.setdefault(roots[identity.conversation_id], [])
        if (identity.kind, identity.value) not in pairs:
            pairs.append((identity.kind, identity.value))
    return found


def _show_identities(
    known: list[tuple[str, str]], is_clear: bool
) -> list[shapes.Identity]:
    return [
        shapes.Identity(
            kind=kind, value=masking.show_identity(kind, value, is_clear=is_clear)
        )
        for kind, value in known
    ]


def window_end(row: Conversation, provider: str) -> datetime | None:
    """Return until when free-form answers are allowed; None where nothing says so."""
    limits = lookups.limits(provider)
    if limits is None or row.last_inbound_at is None:
        return None
    span = limits.service_window.get(row.channel_type)
    return row.last_inbound_at + span if span else None
