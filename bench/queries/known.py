"""Values that stand in the data set, some of each, spread over its time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

VALUES = 12


def known() -> dict[str, Sequence[object]]:
    """Return what each name in a query may stand for."""
    return {**_fixed(), **_moments(), **_found()}


def _fixed() -> dict[str, Sequence[object]]:
    return {
        "channel": ["wa-main", "wa-second", "viber", "asia"],
        "rare_channel": ["page"],
        "status": ["sent", "delivered", "read"],
        "code": ["131026", "131049", "15"],
        "rare_code": ["131062", "131075", "131088", "107"],
        "template": [str(820561547132813000 + n) for n in (1, 2, 9, 23, 38)],
        "template_name": ["campaign_1", "campaign_12", "campaign_37"],
        "address": ["6560000001", "+6560000002", "acme_hq"],
        "busiest": [1],
    }


def _moments() -> dict[str, Sequence[object]]:
    ((finish,),) = _rows("SELECT finish FROM bench.made")
    assert isinstance(finish, datetime)  # noqa: S101  # tells the type
    days = {
        "half_month_ago": 15,
        "month_ago": 30,
        "eleven_months_ago": 335,
        "year_ago": 364,
    }
    return {
        name: [f"{finish - timedelta(days=ago):%Y-%m-%dT%H:%M:%SZ}"]
        for name, ago in days.items()
    }


def _found() -> dict[str, Sequence[object]]:
    return {
        "message_id": _spread("receipts_message", "message_id"),
        "message": _spread("receipts_message", "id"),
        "task": _spread(
            "receipts_message", "task_id", "task_id IS DISTINCT FROM message_id"
        ),
        "rare_text": _spread("receipts_message", "right(text, 5)", "text IS NOT NULL"),
        "receipt": _spread("receipts_receipt", "id"),
        "batch": _spread("receipts_receipt", "batch_id"),
        "client_batch": _spread("receipts_receipt", "client_batch_id"),
        "their_conversation": _spread("receipts_receipt", "provider_conversation_id"),
        "callback": _spread("receipts_callback", "id"),
        "quiet": _spread("receipts_conversation", "id", "messages BETWEEN 3 AND 40"),
        "number": _spread("receipts_conversationidentity", "value", "kind = 'phone'"),
        "user": _spread(
            "receipts_conversationidentity", "'%2B' || value", "kind = 'phone'"
        ),
        "busy_user": ["6580000001", "6580000002", "%2B6580000003"],
        "name": _spread("receipts_conversationidentity", "value", "kind = 'username'"),
    }


def _spread(table: str, column: str, where: str = "true") -> list[object]:
    """Return values from all over a table, the same in each run of a data set."""
    sample = "TABLESAMPLE SYSTEM (5) REPEATABLE (7)"
    asked = (
        f"SELECT {column} FROM {table} {{}} WHERE {where} AND {column} IS NOT NULL "  # noqa: S608  # own names
        f"ORDER BY md5(({column})::text) LIMIT {VALUES}"
    )
    rows = _rows(asked.format(sample)) or _rows(asked.format(""))
    return [row[0] for row in rows]


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
