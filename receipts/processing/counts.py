"""Roll-ups: the drain appends differences, one compactor sums them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from receipts.processing.facts import Fact
from receipts.processing.json_rows import as_json, recordset, run
from receipts.processing.messages import Written, count_changes, hour_of

_RECEIPTS = (
    "INSERT INTO receipts_receiptcount "
    "(hour, channel_id, kind, status, error_code, template_code, n) SELECT x.* FROM "
    f"{recordset('hour timestamptz, channel_id bigint, kind text, status text, error_code text, template_code text, n bigint')}"
)
_MESSAGES = (
    "INSERT INTO receipts_messagecount (hour, channel_id, status, n) SELECT x.* FROM "
    f"{recordset('hour timestamptz, channel_id bigint, status text, n bigint')}"
)
# Only hours with a delta are looked at, and only their groups that have one written anew.
_COMPACT = """
WITH told AS MATERIALIZED (
    SELECT DISTINCT hour, channel_id, {groups} FROM {table}
    WHERE is_delta ORDER BY hour, channel_id LIMIT 5000
), {unsummed}gone AS (
    DELETE FROM {table} t USING told c
    WHERE t.hour = c.hour AND t.channel_id = c.channel_id AND {same} RETURNING t.*
)
INSERT INTO {table} (hour, channel_id, {groups}, n, is_delta)
SELECT hour, channel_id, {groups}, sum(n), false FROM gone
GROUP BY hour, channel_id, {groups} HAVING sum(n) <> 0
"""
# Days that had been summed are not any more, see ``days``.
_UNSUMMED = """unsummed AS (
    DELETE FROM receipts_receiptday d USING told
    WHERE d.day = date_trunc('day', told.hour, 'UTC')
), """
_TABLES = {
    "receipts_receiptcount": (
        ("kind", "status", "error_code", "template_code"),
        _UNSUMMED,
    ),
    "receipts_messagecount": (("status",), ""),
}
# Any fixed number: one compactor at a time, whoever it is.
_COMPACTOR_LOCK = 7_260_001


def count_receipts(facts: Sequence[Fact], *, sign: int = 1) -> None:
    """Append what new receipts add to their hours (``sign`` -1 takes it away)."""
    counts: Counter[tuple[datetime, int, str, str | None, str | None, str | None]]
    counts = Counter()
    for fact in facts:
        event = fact.event
        counts[
            hour_of(fact.received_at),
            fact.channel_id,
            event.kind,
            event.status,
            (event.failure and event.failure.code) or None,
            event.template_code or None,
        ] += sign
    append_receipt_counts(counts)


def append_receipt_counts(
    counts: Counter[tuple[datetime, int, str, str | None, str | None, str | None]],
) -> None:
    """Append differences: (hour, channel, kind, status, error code, template code)."""
    names = ("hour", "channel_id", "kind", "status", "error_code", "template_code")
    rows = [dict(zip(names, key, strict=True)) | {"n": n} for key, n in counts.items()]
    if rows:
        run(_RECEIPTS, as_json(rows))


def count_messages(changed: Sequence[Written]) -> None:
    """Append by how much the funnel moved."""
    rows = [
        {"hour": hour, "channel_id": channel_id, "status": status, "n": n}
        for (channel_id, hour, status), n in count_changes(changed).items()
    ]
    if rows:
        run(_MESSAGES, as_json(rows))


def compact() -> None:
    """Sum the rows that drains appended; readers see the same sums at any time.

    Call within a transaction. Does nothing while another compactor is at work.
    """
    if is_only_compactor():
        for table in _TABLES:
            run(_compacting(table))


def is_only_compactor() -> bool:
    """Say whether no other is at work; none begins before this transaction ends."""
    ((is_ours,),) = run("SELECT pg_try_advisory_xact_lock(%s)", _COMPACTOR_LOCK)
    return bool(is_ours)


def _compacting(table: str) -> str:
    groups, unsummed = _TABLES[table]
    # Two kinds of nothing may meet here; grouping tells them apart again.
    same = " AND ".join(f"coalesce(t.{g}, '') = coalesce(c.{g}, '')" for g in groups)
    return _COMPACT.format(
        table=table, groups=", ".join(groups), same=same, unsummed=unsummed
    )
