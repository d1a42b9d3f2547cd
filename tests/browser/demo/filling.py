"""Channels and deliveries of the demo; what they told is read by the drain."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.services import error_codes
from receipts.ids import uuid7
from receipts.models import AckHour, Callback, PathUse, Receipt
from receipts.partitioning import ensure_partitions
from receipts.processing import directory
from receipts.processing.drain import drain
from tests.browser.demo.crowd import crowd, reviews, trouble
from tests.browser.demo.items import SUB_ACCOUNT
from tests.browser.demo.story import conversation

_CAMS_TYPES = ("mt_status", "mo_message", "template_audit")


def fill() -> None:
    """Fill an empty database; the same people and times of day in every run."""
    now = timezone.now()
    ensure_partitions(now - timedelta(days=8), now)
    directory.forget()
    error_codes.load()
    asia, europe, viber = _channels()
    _keep(asia, ((at, "any", [item]) for at, item in conversation(now)))
    _keep(europe, (*crowd(now), *trouble(now), *reviews(now)))
    broken = now - timedelta(hours=2)
    _keep_body(viber, broken, "mt_status", b"\x1f\x8b\x08 not unpacked by the sender")
    while drain()["callbacks"]:
        pass
    _as_if_read_at_once()
    _acknowledge(now)


def _acknowledge(now: datetime) -> None:
    """Count acknowledgements as the door does."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for number, channel in enumerate(Channel.objects.order_by("key")):
        AckHour.objects.create(
            hour=hour,
            channel=channel,
            n=Callback.objects.filter(channel=channel).count(),
            over_50=0,
            over_80=0,
            over_100=0,
            slowest_ms=17.0 + 21 * number,
        )


def _channels() -> tuple[Channel, Channel, Channel]:
    asia = _channel("asia", "Asia", "8x8", "multi", types=("any",))
    asia.account = {"sub_account_id": SUB_ACCOUNT}
    asia.save()
    europe = _channel("wa-main", "WhatsApp main", "cams", "whatsapp")
    viber = _channel("viber-shop", "Viber shop", "cams", "viber", types=("mt_status",))
    return asia, europe, viber


def _channel(
    key: str,
    name: str,
    provider: str,
    kind: str,
    *,
    types: Iterable[str] = _CAMS_TYPES,
) -> Channel:
    made = Channel.objects.create(key=key, name=name, provider=provider, type=kind)
    for receipt_type in types:
        CallbackPath.objects.create(
            channel=made, receipt_type=receipt_type, path=f"{key}/{receipt_type}"
        )
    return made


def _keep(
    channel: Channel,
    deliveries: Iterable[tuple[datetime, str, list[dict[str, object]]]],
) -> None:
    for at, receipt_type, items in deliveries:
        body = json.dumps(items if len(items) > 1 else items[0], ensure_ascii=False)
        _keep_body(
            channel, at + timedelta(milliseconds=380), receipt_type, body.encode()
        )


def _keep_body(channel: Channel, at: datetime, receipt_type: str, body: bytes) -> None:
    """Keep one delivery as the door would."""
    Callback.objects.create(
        id=uuid7(at),
        received_at=at,
        channel=channel,
        receipt_type=receipt_type,
        mode="push",
        body=body,
        headers={"content-type": "application/json"},
        address="203.0.113.7",
        ack_ms=1.2 + len(body) % 40 / 10,
    )
    path = CallbackPath.objects.get(channel=channel, receipt_type=receipt_type)
    use, is_new = PathUse.objects.get_or_create(
        callback_path=path, defaults={"last_used_at": at}
    )
    if not is_new and use.last_used_at < at:
        use.last_used_at = at
        use.save()


def _as_if_read_at_once() -> None:
    # The demo's deliveries lie in the past; a portal would have read them then.
    soon = timedelta(milliseconds=140)
    Receipt.objects.update(stored_at=F("received_at") + soon)
    Callback.objects.update(processed_at=F("received_at") + soon)
