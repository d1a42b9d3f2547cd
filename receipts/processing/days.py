"""Days of the hourly counts, summed once nothing is likely to change them any more.

A day that has rows is whole: all of its summed hours, none of their deltas. The
compactor takes a day's rows away when it sums deltas into one of its hours (a replay,
a spool found late), and the day is summed anew; ``querysets.days`` reads both kinds.
"""

from datetime import datetime

from django.db import transaction

from receipts.processing.counts import is_only_compactor
from receipts.processing.json_rows import run

_AT_ONCE = 30
_FIND = """
SELECT day FROM generate_series(
    (SELECT date_trunc('day', min(hour), 'UTC') FROM receipts_receiptcount),
    %s, interval '24 hours'
) AS day
WHERE NOT EXISTS (SELECT FROM receipts_receiptday d WHERE d.day = day.day)
AND EXISTS (
    SELECT FROM receipts_receiptcount c WHERE NOT c.is_delta
    AND c.hour >= day.day AND c.hour < day.day + interval '24 hours'
)
ORDER BY day LIMIT %s
"""
_SUM = """
INSERT INTO receipts_receiptday
    (day, channel_id, kind, status, error_code, template_code, n)
SELECT date_trunc('day', hour, 'UTC') AS day, channel_id, kind, status, error_code,
    template_code, sum(n)
FROM receipts_receiptcount
WHERE NOT is_delta AND hour >= %s AND hour < %s + interval '24 hours'
GROUP BY 1, 2, 3, 4, 5, 6
"""


def sum_days(last: datetime) -> int:
    """Sum the days that have no sum yet, up to the day ``last``; return how many."""
    summed = 0
    while found := _sum_some(last):
        summed += found
    return summed


@transaction.atomic
def _sum_some(last: datetime) -> int:
    # Found under the lock: no other host sums the same day, and no hour changes.
    days = run(_FIND, last, _AT_ONCE) if is_only_compactor() else []
    for (day,) in days:
        run(_SUM, day, day)
    return len(days)
