"""Rows as one JSON parameter, unfolded in SQL: far cheaper than a parameter a value."""

from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg
from django.db import connection

_encode = msgspec.json.Encoder().encode

Rows = list[tuple[Any, ...]]


def recordset(columns: str, alias: str = "x") -> str:
    """Return the SQL that unfolds one JSON parameter into rows of ``columns``."""
    return f"json_to_recordset(%s::json) AS {alias}({columns})"


def as_json(rows: Sequence[object]) -> str:
    """Return rows as the parameter of a ``recordset``."""
    return _encode(rows).decode()


def run(sql: str, *params: Any) -> Rows:
    """Execute a statement and return its rows, none if it has none."""
    return _execute(sql, params)


def run_named(sql: str, values: dict[str, Any]) -> Rows:
    """Execute a statement with named parameters and return its rows."""
    return _execute(sql, values)


def _execute(sql: str, params: Any) -> Rows:
    """Execute on the connection's own cursor, not Django's.

    Parameters travel apart from the statement, which is prepared after some uses, and
    results come in binary: Django's cursor costs 17 µs a receipt more.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, _cursor() as cursor:
        cursor.execute(sql, params, binary=True)
        return cursor.fetchall() if cursor.description else []


def _cursor() -> "psycopg.Cursor[tuple[Any, ...]]":
    return psycopg.Cursor(connection.connection)
