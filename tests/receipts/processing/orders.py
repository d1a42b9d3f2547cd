"""The same deliveries in any order, with repeats, by drains side by side."""

import json
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from bench.drainsteps import TABLES as MADE_BY_DRAINS
from channels_cfg.models import Channel
from receipts.models import (
    Callback,
    Conversation,
    ConversationIdentity,
    Message,
    MessageCount,
    Receipt,
    ReceiptCount,
)
from receipts.processing.counts import compact
from receipts.processing.drain import drain

# All within one hour: which of two equal receipts is the first depends on the order.
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
TABLES = [*MADE_BY_DRAINS, "receipts_quarantineditem"]


def kept(channel: Channel, items: Sequence[dict[str, object]]) -> list[Callback]:
    """Return a callback for each item, received a second apart; not saved yet."""
    return [
        Callback(
            id=uuid.uuid4(),
            received_at=START + timedelta(seconds=place),
            channel=channel,
            receipt_type="any",
            mode="push",
            body=json.dumps(item).encode(),
        )
        for place, item in enumerate(items)
    ]


def empty() -> None:
    """Forget everything that was kept."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # own names


def drain_in_chunks(callbacks: Sequence[Callback], cuts: Sequence[int]) -> None:
    """Keep and drain some callbacks, then some more, cut where ``cuts`` says."""
    ends = [*sorted({cut % (len(callbacks) + 1) for cut in cuts}), len(callbacks)]
    start = 0
    for end in ends:
        Callback.objects.bulk_create(callbacks[start:end])
        drain()
        start = end


def drain_side_by_side(callbacks: Sequence[Callback], batch: int) -> None:
    """Keep all, and let two drains work on them at once in small batches."""
    Callback.objects.bulk_create(callbacks)
    usual = settings.DRAIN_BATCH_CALLBACKS
    settings.DRAIN_BATCH_CALLBACKS = batch
    threads = [threading.Thread(target=_drain_and_close) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        settings.DRAIN_BATCH_CALLBACKS = usual
    assert not Callback.objects.exclude(state="done").exists()


def _drain_and_close() -> None:
    try:
        drain()
    finally:
        connection.close()


def outcome() -> dict[str, object]:
    """Return all that must not depend on the order, without our own ids."""
    names = _names_of_conversations()
    return {
        "messages": sorted(
            _message(message, names) for message in Message.objects.all()
        ),
        "conversations": sorted(
            (
                names[c.pk],
                c.messages,
                str(c.first_at),
                str(c.last_at),
                str(c.last_inbound_at),
            )
            for c in Conversation.objects.filter(merged_into=None)
        ),
        "receipts": Receipt.objects.count(),
        "message_counts": _counts(MessageCount, "hour", "status"),
        "receipt_counts": _counts(ReceiptCount, "kind", "status", "error_code"),
    }


_LEFT_OUT = {
    "id",
    "slot",
    "conversation_id",
    "was_status",
    "was_first_at",
    "was_conversation_id",
}


def _message(message: Message, names: dict[int | None, str]) -> str:
    values = {
        field.attname: getattr(message, field.attname)
        for field in Message._meta.concrete_fields
        if field.attname not in _LEFT_OUT
    }
    references = sorted(names[r.conversation_id] for r in message.references.all())
    return repr((sorted(values.items()), names[message.conversation_id], references))


def _names_of_conversations() -> dict[int | None, str]:
    identities: dict[int, list[str]] = {}
    for row in ConversationIdentity.objects.all():
        identities.setdefault(row.conversation_id, []).append(f"{row.kind}:{row.value}")
    names: dict[int | None, str] = {None: "-"}
    for one in Conversation.objects.all():
        root = one.merged_into_id or one.pk
        scope = f"{one.channel_type}/{one.business_address}"
        names[one.pk] = f"{scope} {sorted(identities.get(root, []))}"
    return names


def _counts(model: type[MessageCount] | type[ReceiptCount], *groups: str) -> list[str]:
    before = _sums(model, groups)
    compact()
    assert _sums(model, groups) == before
    return before


def _sums(
    model: type[MessageCount] | type[ReceiptCount], groups: Sequence[str]
) -> list[str]:
    rows = model.objects.values(*groups).annotate(total=Sum("n")).exclude(total=0)
    return sorted(repr(sorted(row.items())) for row in rows)
