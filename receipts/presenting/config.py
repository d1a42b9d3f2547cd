"""Channels and templates as the public sees them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from channels_cfg.models import Channel
from receipts import masking, shapes
from receipts.models import QueueState, Template
from receipts.presenting import lookups


def show_channels(rows: Sequence[Channel]) -> list[shapes.Channel]:
    """Return the public shape of each channel; rows have their parts prefetched."""
    pulled = _pulled()
    return [
        shapes.Channel(
            key=row.key,
            name=row.name,
            provider=row.provider,
            type=row.type,
            active=row.is_active,
            account=row.account,
            addresses=[each.shown for each in row.business_addresses.all()],
            callbacks=[
                shapes.ChannelCallback(
                    receipt_type=path.receipt_type,
                    enabled=path.is_enabled,
                    last_received_at=path.use.last_used_at
                    if hasattr(path, "use")
                    else None,
                )
                for path in row.callback_paths.all()
            ],
            queues=_queues(row, pulled),
        )
        for row in rows
    ]


def _queues(
    row: Channel, pulled: dict[tuple[str, str], datetime]
) -> list[shapes.ChannelQueue]:
    account = getattr(row, "queue_account", None)
    endpoint = account.queue_endpoint.lower() if account else ""
    return [
        shapes.ChannelQueue(
            receipt_type=queue.receipt_type,
            queue_name=queue.queue_name,
            enabled=queue.is_enabled,
            last_pulled_at=pulled.get((endpoint, queue.queue_name)),
        )
        for queue in row.queues.all()
    ]


def _pulled() -> dict[tuple[str, str], datetime]:
    """Return when each queue, by endpoint and name, was last pulled."""
    rows = QueueState.objects.values_list("endpoint", "queue_name")
    return {
        (endpoint, name): at
        for endpoint, name, at in rows.annotate(Max("last_pulled_at")).order_by()
        if at is not None
    }


def show_templates(
    rows: Sequence[Template], *, is_clear: bool
) -> list[shapes.Template]:
    """Return the public shape of each template."""
    channels = lookups.channels(row.channel_id for row in rows)
    return [
        shapes.Template(
            id=str(row.pk),
            channel=channels[row.channel_id].key,
            code=row.code,
            name=row.name,
            language=row.language or None,
            status=row.status,
            raw_status=row.raw_status,
            category=row.category,
            quality=row.quality,
            reason=row.reason if is_clear else masking.mask_text(row.reason),
            updated_at=row.updated_at,
        )
        for row in rows
    ]
