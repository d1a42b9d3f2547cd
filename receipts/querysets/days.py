"""Counts by day: from days that are summed, and from the hours of those that are not."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

_COLUMNS = "channel_id, kind, status, error_code, template_code, n"
# One statement, so that it sees each day either summed or not, whoever sums it now.
_SQL = """
WITH days AS MATERIALIZED (
    SELECT day, EXISTS (
        SELECT FROM receipts_receiptday d WHERE d.day = days.day
    ) AS is_summed
    FROM generate_series(
        %(start)s, %(end)s - interval '24 hours', interval '24 hours'
    ) AS days(day)
), counts AS (
    SELECT d.day AS start, {columns} FROM receipts_receiptday d
    WHERE d.day >= %(start)s AND d.day < %(end)s
    UNION ALL
    SELECT days.day, {columns} FROM receipts_receiptcount c
    JOIN days ON days.day = date_trunc('day', c.hour, 'UTC') AND days.is_summed
    WHERE c.is_delta AND c.hour >= %(start)s AND c.hour < %(end)s
    UNION ALL
    SELECT days.day, {columns} FROM days JOIN receipts_receiptcount c
    ON c.hour >= days.day AND c.hour < days.day + interval '24 hours'
    WHERE NOT days.is_summed
)
SELECT {shown}, sum(n)::bigint AS count
FROM counts JOIN channels_cfg_channel channel ON channel.id = counts.channel_id
WHERE %(channels)s::bigint[] IS NULL OR channel_id = ANY(%(channels)s)
GROUP BY {shown} HAVING sum(n) > 0 ORDER BY {shown} LIMIT %(limit)s
"""
_GROUPS = {
    "channel__key": "channel.key",
    "kind": "kind",
    "status": "status",
    "error_code": "error_code",
    "template_code": "template_code",
}


def daily_counts(
    span: tuple[datetime, datetime],
    groups: Sequence[str],
    *,
    limit: int,
    channels: Collection[int] | None = None,
) -> list[dict[str, Any]]:
    """Return ``start``, each of ``groups`` and ``count``, in that order; days are UTC's.

    ``span`` begins and ends with a day; ``channels`` None means all. Empty groups lack.
    """
    shown = ", ".join(["start", *(_GROUPS[group] for group in groups)])
    start, end = span
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(columns=_COLUMNS, shown=shown),
            {
                "start": start,
                "end": end,
                "limit": limit,
                "channels": None if channels is None else list(channels),
            },
        )
        names = ("start", *groups, "count")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
