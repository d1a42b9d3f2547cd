"""Indexes taken off big tables while they are filled, and put back as they were."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

_PLAIN = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY 1
"""
_UNIQUE = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'u'
"""


@contextmanager
def taken_off(tables: Sequence[str]) -> Iterator[None]:
    """Fill ``tables`` in the block without their indexes, but for primary keys."""
    back = [line for table in tables for line in _take_off(table)]
    yield
    with connection.cursor() as cursor:
        for line in back:
            cursor.execute(line)


def _take_off(table: str) -> list[str]:
    back = []
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [table])
        for name, definition in cursor.fetchall():
            back.append(definition.replace(" ON ONLY ", " ON "))
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(_UNIQUE, [table])
        for name, definition in cursor.fetchall():
            back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return back
