"""What must hold over all tables when everything is over."""

from collections import Counter
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
SELECT c.key, r.kind, coalesce(r.status, ''), count(*) FROM receipts_receipt r
    JOIN channels_cfg_channel c ON c.id = r.channel_id GROUP BY 1, 2, 3
"""
_GROUPS = "channel,kind,status"
_SETTLES_WITHIN_S = 300  # a poison is tried for 200 s

Counts = Counter[tuple[str, ...]]  # of receipts by channel, kind and status


def complaints(url: str, shown: Mapping[str, int]) -> Iterator[str]:
    """Yield what does not hold. ``shown``: receipts by channel, as the API showed them."""
    if wait_until(lambda: not _count(_PENDING), within_s=_SETTLES_WITHIN_S) is None:
        yield f"{_count(_PENDING)} callbacks are still pending"
    if left := _count(_UNBALANCED):
        yield f"{left} callbacks: items are not new + duplicates + quarantined"
    if left := _count(_REPEATED_KEYS):
        yield f"{left} items gave more than one receipt"
    kept, stats = _receipts(), _stats(url, shown)
    for key, number in shown.items():
        mine = sum(count for group, count in kept.items() if group[0] == key)
        if mine != number:
            yield f"{key}: the table has {mine}, the API showed {number}"
    for group in sorted(group for group in kept | stats if group[0] in shown):
        if stats[group] != kept[group]:
            told = " ".join(group)
            yield f"{told}: stats say {stats[group]}, the table {kept[group]}"


def _count(sql: str) -> int:
    with database() as connection:
        found = connection.execute(sql.encode()).fetchone()
    return int(str(found[0])) if found else 0


def _receipts() -> Counts:
    with database() as connection:
        found = connection.execute(_RECEIPTS).fetchall()
    return Counts({tuple(map(str, group)): int(str(n)) for *group, n in found})


def _stats(url: str, keys: Collection[str]) -> Counts:
    found = Counts()
    day = timedelta(days=1)
    span = {
        "from": (timezone.now() - day).isoformat(),
        "to": (timezone.now() + day).isoformat(),
    }
    for channel in Channel.objects.filter(key__in=keys):
        with access(channel, for_s=600) as token:
            answer = requests.get(
                f"{url}/api/v1/stats/",
                params={**span, "group_by": _GROUPS, "interval": "day"},
                headers={"Authorization": f"Bearer {token}"},
                timeout=30,
            )
        for row in answer.json()["results"]:
            group = tuple(str(row[name] or "") for name in _GROUPS.split(","))
            found[group] += row["count"]
    return found
