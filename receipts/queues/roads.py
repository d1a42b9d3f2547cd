"""Receipts that came by one road only, where both are on: a detector of lost pushes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from channels_cfg.wire import ReceiptMode, ReceiptType

# A push is tried again after one minute and after five: until then nothing is lost.
SETTLED_AFTER = timedelta(minutes=15)
# Bounds the cost whatever the traffic: of a busy day 40 receipts of every five minutes.
SLICES = 288
OF_EACH_SLICE = 40
EXAMPLES = 5

# A few of each slice, so that a bad quarter of an hour shows.
_LOOK = """
WITH looked_at AS (
    SELECT r.id, r.received_at, r.mode, r.receipt_type, r.place
    FROM generate_series(0, %(slices)s - 1) AS slice
    CROSS JOIN LATERAL (
        SELECT id, received_at, mode, receipt_type,
            row_number() OVER (ORDER BY received_at, id) AS place
        FROM receipts_receipt
        WHERE channel_id = %(channel)s
            AND received_at >= %(start)s::timestamptz + slice * %(step)s
            AND received_at < %(start)s::timestamptz + (slice + 1) * %(step)s
        ORDER BY received_at, id LIMIT %(most)s
    ) AS r
), roads AS (
    SELECT l.id, l.received_at, CASE WHEN EXISTS (
        SELECT FROM receipts_sighting s
        WHERE s.receipt_id = l.id AND s.mode <> l.mode
            AND s.received_at >= %(start)s::timestamptz - interval '1 day'
    ) THEN 'both' ELSE l.mode END AS road
    FROM looked_at l
    WHERE l.receipt_type = ANY(%(types)s)
)
SELECT road, count(*), (array_agg(id ORDER BY received_at DESC))[:%(examples)s],
    EXISTS (SELECT FROM looked_at WHERE place = %(most)s)
FROM roads GROUP BY road
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """By which road receipts came; of a busy channel a sample is looked at.

    ``types`` are those that both roads are on for; without any there is nothing to
    compare, and all counts are 0. The lists hold the ids of the newest.
    """

    types: tuple[str, ...]
    since: datetime
    before: datetime
    both: int = 0
    push_only: int = 0
    queue_only: int = 0
    is_sample: bool = False
    newest_push_only: list[int] = field(default_factory=list)
    newest_queue_only: list[int] = field(default_factory=list)


def only_one_road(channel: Channel, since: datetime) -> Roads:
    """Return how many receipts since ``since`` came by push only, by queue only.

    Leaves out the last 15 minutes, and what came before both roads were on or were
    last changed. The cost has a bound.
    """
    before = timezone.now() - SETTLED_AFTER
    common = _common(channel)
    since = min(max([since, *common.values()]), before)
    found = _look(channel, common, since=since, before=before) if common else {}
    return Roads(
        types=tuple(sorted(common)),
        since=since,
        before=before,
        both=_count(found, "both"),
        push_only=_count(found, ReceiptMode.PUSH),
        queue_only=_count(found, ReceiptMode.QUEUE),
        is_sample=any(each.is_sample for each in found.values()),
        newest_push_only=_newest(found, ReceiptMode.PUSH),
        newest_queue_only=_newest(found, ReceiptMode.QUEUE),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    count: int
    newest: list[int]
    is_sample: bool


def _common(channel: Channel) -> dict[str, datetime]:
    """Return the receipt types of both roads, and since when both are as they are."""
    pushed: dict[str, datetime] = {}
    for path in CallbackPath.objects.filter(channel=channel, is_enabled=True):
        earliest = min(path.updated_at, pushed.get(path.receipt_type, path.updated_at))
        pushed[path.receipt_type] = earliest
    found: dict[str, datetime] = {}
    for queue in ProviderQueue.objects.filter(channel=channel, is_enabled=True):
        # One path may take every type.
        path_since = pushed.get(queue.receipt_type) or pushed.get(ReceiptType.ANY)
        if path_since is not None:
            found[queue.receipt_type] = max(path_since, queue.updated_at)
    return found


def _look(
    channel: Channel, types: Iterable[str], *, since: datetime, before: datetime
) -> dict[str, _Found]:
    values: dict[str, Any] = {
        "slices": SLICES,
        "channel": channel.pk,
        "start": since,
        "step": (before - since) / SLICES,
        "most": OF_EACH_SLICE,
        "types": list(types),
        "examples": EXAMPLES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, values)
        return {row[0]: _Found(*row[1:]) for row in cursor.fetchall()}


def _count(found: dict[str, _Found], road: str) -> int:
    return found[road].count if road in found else 0


def _newest(found: dict[str, _Found], road: str) -> list[int]:
    return found[road].newest if road in found else []
