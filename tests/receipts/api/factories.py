"""Rows as the drain would write them, made by hand."""

import itertools
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils import timezone

from channels_cfg.models import Channel
from channels_cfg.wire import RANKS
from receipts import tokens
from receipts.ids import uuid7
from receipts.models import (
    Callback,
    Conversation,
    ConversationIdentity,
    Message,
    Receipt,
    Sighting,
)
from receipts.models.api_token import Scope

EVERYTHING = tuple(Scope.values)
_numbers = itertools.count(1)


def make_token(
    scopes: Iterable[str] = EVERYTHING, channels: Iterable[Channel] = ()
) -> str:
    """Make a token and return it in clear."""
    name = f"program {next(_numbers)}"
    return tokens.make(name, list(scopes), channels=list(channels))[1]


def make_channel(key: str = "wa-main", **values: object) -> Channel:
    """Make a channel, WhatsApp by CAMS unless said otherwise."""
    given = {"name": key, "provider": "cams", "type": "whatsapp", **values}
    return Channel.objects.create(key=key, **given)


def receipt(channel: Channel, **values: object) -> Receipt:
    """Return a receipt that is not yet in the database."""
    number = next(_numbers)
    at = values.get("received_at") or timezone.now()
    assert isinstance(at, datetime)
    given: dict[str, object] = {
        "id": number,
        "received_at": at,
        "stored_at": at,
        "xid": number,
        "callback_id": uuid7(at),
        "position": 0,
        "digest": number.to_bytes(16),
        "receipt_type": "mt_status",
        "mode": "push",
        "kind": "status",
        "status": "delivered",
        "raw_status": "Delivered",
        "message_id": f"m{number}",
        "channel_type": channel.type,
        "identities": [{"kind": "phone", "value": "8613800138678"}],
        "payload": json.dumps({"MessageId": f"m{number}"}),
    }
    return Receipt(channel=channel, **{**given, **values})


def make_receipt(channel: Channel, **values: object) -> Receipt:
    """Make a receipt."""
    made = receipt(channel, **values)
    made.save(force_insert=True)
    return made


def make_sighting(of: Receipt, mode: str = "queue") -> Sighting:
    """Make a repeat of a receipt."""
    return Sighting.objects.create(
        id=next(_numbers),
        received_at=of.received_at,
        receipt_id=of.pk,
        channel=of.channel,
        callback_id=uuid7(of.received_at),
        position=0,
        mode=mode,
    )


def message(channel: Channel, **values: object) -> Message:
    """Return a message that is not yet in the database."""
    at = values.get("last_at") or timezone.now()
    status = str(values.get("status", "delivered"))
    given: dict[str, object] = {
        "message_id": f"m{next(_numbers)}",
        "direction": "mt",
        "channel_type": channel.type,
        "status": status,
        "progress": RANKS.get(status, 0),
        "first_at": at,
        "last_at": at,
        "receipts": 1,
    }
    return Message(channel=channel, **{**given, **values})


def make_message(channel: Channel, **values: object) -> Message:
    """Make a message."""
    made = message(channel, **values)
    made.save()
    return made


def make_conversation(
    channel: Channel, *identities: tuple[str, str], **values: object
) -> Conversation:
    """Make a conversation with a person known by ``identities`` (kind, value)."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    given = {
        "channel_type": channel.type,
        "business_address": "8613100000000",
        "first_at": at,
        "last_at": timezone.now(),
        **values,
    }
    made = Conversation.objects.create(channel=channel, **given)
    for kind, value in identities:
        ConversationIdentity.objects.create(
            channel=channel,
            channel_type=made.channel_type,
            business_address=made.business_address,
            kind=kind,
            value=value,
            conversation=made,
        )
    return made


def make_callback(channel: Channel, body: bytes = b"[]", **values: object) -> Callback:
    """Make a callback that was read."""
    at = values.get("received_at") or timezone.now()
    assert isinstance(at, datetime)
    given: dict[str, object] = {
        "id": uuid7(at),
        "received_at": at,
        "receipt_type": "mt_status",
        "mode": "push",
        "state": "done",
        "processed_at": at,
        "items": 0,
        "new": 0,
        "duplicates": 0,
        "quarantined": 0,
    }
    made = Callback(channel=channel, body=body, **{**given, **values})
    made.save(force_insert=True)
    return made
