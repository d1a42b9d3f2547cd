"""Rows that name a merged conversation are re-pointed, in bounded batches."""

from django.db import transaction

from receipts.processing.json_rows import run

_BATCH = 1000
_UNSETTLED = (
    "SELECT id, merged_into_id FROM receipts_conversation "
    "WHERE NOT is_settled ORDER BY id LIMIT 20"
)
_TABLES = {
    "receipts_message": "id",
    "receipts_receipt": "id, received_at",
}
_REPOINT = """
WITH part AS (
    SELECT {key} FROM {table} WHERE conversation_id = %s ORDER BY id LIMIT %s FOR UPDATE
)
UPDATE {table} t SET conversation_id = %s FROM part
WHERE ({columns}) = ({others}) RETURNING 1
"""


def settle_merged() -> int:
    """Re-point some rows of merged conversations; return how many.

    A conversation counts as settled when a round finds nothing more of it. Facts that
    are folded at this moment may still name it: reads cover it for ever.
    """
    moved = 0
    for merged, survivor in run(_UNSETTLED):
        moved += _settle(merged, survivor)
    return moved


def _settle(merged: int, survivor: int) -> int:
    moved = 0
    for table, key in _TABLES.items():
        with transaction.atomic():
            moved += len(run(_statement(table, key), merged, _BATCH, survivor))
    if not moved:
        run("UPDATE receipts_conversation SET is_settled = true WHERE id = %s", merged)
    return moved


def _statement(table: str, key: str) -> str:
    names = key.split(", ")
    return _REPOINT.format(
        table=table,
        key=key,
        columns=", ".join(f"t.{name}" for name in names),
        others=", ".join(f"part.{name}" for name in names),
    )
