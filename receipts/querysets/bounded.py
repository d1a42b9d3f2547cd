"""Reads that must not cost more than they may."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

LIMIT_S = 2.0


class TooCostly(Exception):
    """A read was stopped: it would have taken longer than it may."""


@contextmanager
def bounded(seconds: float = LIMIT_S) -> Iterator[None]:
    """Stop each statement of the block after ``seconds``. Raises ``TooCostly``."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)",
                    [str(int(seconds * 1000))],
                )
            yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, QueryCanceled):
            raise TooCostly from exc
        raise
