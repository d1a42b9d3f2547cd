"""A few ids of what an alert is about, asked once when it opens; nobody's number."""

from collections.abc import Callable, Mapping
from datetime import datetime

from channels_cfg.wire import FAILURES
from receipts.models import QuarantinedItem, Receipt
from receipts.querysets.bounded import TooCostly, bounded

FEW = 3
_PATIENCE_S = 1.0


def receipts(
    channel_id: int,
    fields: Mapping[str, str | None],
    since: datetime,
    *,
    is_failure: bool = False,
) -> Callable[[], list[str]]:
    """Return how to get the latest receipts with these fields, and their messages."""

    def ask() -> list[str]:
        rows = Receipt.objects.filter(channel_id=channel_id, received_at__gte=since)
        for name, value in fields.items():
            rows = rows.filter(**{name if value else f"{name}__isnull": value or True})
        if is_failure:
            rows = rows.filter(status__in=FAILURES)
        latest = rows.order_by("-received_at", "-id").values_list("id", "message_id")
        try:
            with bounded(_PATIENCE_S):
                return [_named(pk, message) for pk, message in latest[:FEW]]
        except TooCostly:
            return []

    return ask


def items(channel_id: int, cause: str) -> Callable[[], list[str]]:
    """Return how to get the callbacks of the latest open items of a cause."""

    def ask() -> list[str]:
        rows = QuarantinedItem.objects.of_cause(cause).filter(channel_id=channel_id)
        latest = rows.order_by("-pk").values_list("pk", "callback_id")
        return [f"item {pk} of callback {callback}" for pk, callback in latest[:FEW]]

    return ask


def _named(pk: int, message_id: str | None) -> str:
    return f"receipt {pk} of message {message_id}" if message_id else f"receipt {pk}"
