"""The rare things: kept as callbacks, and drained by the product itself."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from channels_cfg.models import Channel
from receipts.ids import uuid7
from receipts.models import Callback, Message
from receipts.processing.drain import drain

_TEMPLATES = 40
_ADDRESS = "6560000001"  # of wa-main
_BUSIEST = "6580000001"


def add_extras(
    channel: Channel, receipts: int, start: datetime, finish: datetime
) -> None:
    """Add reviews, blocks, bad items and contradictions, and drain them."""
    each = max(10, receipts // 5_000)
    gap = (finish - start) / (each + 1)
    kept = [
        callback
        for number in range(each)
        for callback in _at(channel, number, start + gap * (number + 1))
    ]
    kept += _contradictions(channel, each)
    Callback.objects.bulk_create(kept, batch_size=500)
    drain(for_seconds=3600)


def _at(channel: Channel, number: int, at: datetime) -> Iterator[Callback]:
    review = {
        "WabaId": "1",
        "TemplateCode": str(820561547132813001 + number % _TEMPLATES),
        "Language": "en",
        "AuditStatus": "fail" if number % 7 == 3 else "pass",
        "Reason": f"Round {number}",
    }
    block = {
        "From": _ADDRESS,
        "To": _BUSIEST if number % 2 else f"65{80000012 + number}",
        "Timestamp": int(at.timestamp() * 1000) - 500,
        "Status": "subscribe" if number % 4 > 1 else "unsubscribe",
    }
    yield _callback(channel, "template_audit", review, at)
    yield _callback(channel, "mt_status", block, at + timedelta(seconds=1))
    yield _callback(channel, "mt_status", {"Status": "Sent"}, at + timedelta(seconds=2))


def _contradictions(channel: Channel, number: int) -> Iterator[Callback]:
    delivered = Message.objects.filter(channel=channel, status="delivered")
    for message in delivered.order_by("-last_at")[:number]:
        at = message.last_at + timedelta(seconds=1)
        item = {
            "MessageId": message.message_id,
            "From": _ADDRESS,
            "To": message.number,
            "Status": "Failed",
            "Timestamp": int(message.first_at.timestamp() * 1000),
            "ErrorCode": "131026",
        }
        yield _callback(channel, "mt_status", item, at)


def _callback(
    channel: Channel, receipt_type: str, item: Mapping[str, object], at: datetime
) -> Callback:
    return Callback(
        id=uuid7(at),
        received_at=at,
        channel=channel,
        receipt_type=receipt_type,
        mode="push",
        body=json.dumps([item]).encode(),
        address="203.0.113.7",
        ack_ms=3.0,
    )
