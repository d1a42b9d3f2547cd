"""What must hold over all tables when everything is over."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

import requests
from django.utils import timezone

from bench.faults.processes import wait_until
from bench.faults.scene import database
from channels_cfg.models import Channel
from portal.simulator.access import access

_PENDING = "SELECT count(*) FROM receipts_callback WHERE state = 'pending'"
_UNBALANCED = """
SELECT count(*) FROM receipts_callback WHERE state IN ('done', 'partly')
    AND items <> new + duplicates + quarantined
"""
_REPEATED_KEYS = """
SELECT count(*) FROM (SELECT 1 FROM receipts_receipt
    GROUP BY callback_id, position HAVING count(*) > 1) AS twice
"""
_RECEIPTS = """
SELECT c.key, count(*) FROM receipts_receipt r
    JOIN channels_cfg_channel c ON c.id = r.channel_id GROUP BY c.key
"""
_SETTLES_WITHIN_S = 300  # a poison is tried for 200 s


def complaints(url: str, shown: Mapping[str, int]) -> Iterator[str]:
    """Yield what does not hold. ``shown``: receipts by channel, as the API showed them."""
    if wait_until(lambda: not _count(_PENDING), within_s=_SETTLES_WITHIN_S) is None:
        yield f"{_count(_PENDING)} callbacks are still pending"
    if left := _count(_UNBALANCED):
        yield f"{left} callbacks: items are not new + duplicates + quarantined"
    if left := _count(_REPEATED_KEYS):
        yield f"{left} items gave more than one receipt"
    kept = _receipts()
    for key, number in shown.items():
        if kept.get(key, 0) != number:
            yield f"{key}: the table has {kept.get(key, 0)}, the API showed {number}"
    stats = _stats(url, shown)
    for key in shown:
        if stats.get(key, 0) != kept.get(key, 0):
            yield f"{key}: stats say {stats.get(key, 0)}, the table {kept.get(key, 0)}"


def _count(sql: str) -> int:
    with database() as connection:
        found = connection.execute(sql.encode()).fetchone()
    return int(str(found[0])) if found else 0


def _receipts() -> dict[str, int]:
    with database() as connection:
        found = connection.execute(_RECEIPTS).fetchall()
    return {str(key): int(str(number)) for key, number in found}


def _stats(url: str, keys: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    day = timedelta(days=1)
    span = {
        "from": (timezone.now() - day).isoformat(),
        "to": (timezone.now() + day).isoformat(),
    }
    for channel in Channel.objects.filter(key__in=keys):
        with access(channel, for_s=600) as token:
            answer = requests.get(
                f"{url}/api/v1/stats/",
                params={**span, "group_by": "channel", "interval": "day"},
                headers={"Authorization": f"Bearer {token}"},
                timeout=30,
            )
        for row in answer.json()["results"]:
            found[row["channel"]] = found.get(row["channel"], 0) + row["count"]
    return found
