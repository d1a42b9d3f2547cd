"""How fast we acknowledged lately, from the latest pushes of each channel."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

MOST = 200  # callbacks of a channel that are looked at

_SLOWEST = (
    "SELECT c.id, percentile_cont(0.99) WITHIN GROUP (ORDER BY a.ack_ms) "
    "FROM unnest(%s::bigint[]) AS c(id) CROSS JOIN LATERAL ("
    "SELECT ack_ms FROM receipts_callback WHERE channel_id = c.id AND mode = 'push' "
    "AND received_at > %s AND ack_ms IS NOT NULL "
    "ORDER BY received_at DESC LIMIT %s) AS a GROUP BY c.id"
)


def slowest(channels: Iterable[int], since: datetime) -> dict[int, float]:
    """Return the p99 of ``ack_ms`` over the latest 200 pushes since then, by channel."""
    with connection.cursor() as cursor:
        cursor.execute(_SLOWEST, [list(channels), since, MOST])
        return dict(cursor.fetchall())
