"""How fast we acknowledged lately, against what the provider allows."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

WINDOW = timedelta(hours=24)
MOST = 200  # callbacks of a channel that are looked at

_SLOWEST = (
    "SELECT c.id, percentile_cont(0.99) WITHIN GROUP (ORDER BY a.ack_ms) "
    "FROM unnest(%s::bigint[]) AS c(id) CROSS JOIN LATERAL ("
    "SELECT ack_ms FROM receipts_callback WHERE channel_id = c.id AND mode = 'push' "
    "AND received_at > %s AND ack_ms IS NOT NULL "
    "ORDER BY received_at DESC LIMIT %s) AS a GROUP BY c.id"
)


def slowest(channels: Iterable[int], now: datetime) -> dict[int, float]:
    """Return the p99 of ``ack_ms`` over the latest 200 pushes of a day, by channel."""
    with connection.cursor() as cursor:
        cursor.execute(_SLOWEST, [list(channels), now - WINDOW, MOST])
        return dict(cursor.fetchall())
