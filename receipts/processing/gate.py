"""A gate between drains and what removes rows: many drains, or one who removes.

A drain decides what is new, and whose it is, long before it writes all rows. Who takes
away what it decided upon must not come in between.
"""

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from receipts.processing.json_rows import run

_GATE = 7_260_002  # any fixed number
_WAIT_MS = 2000  # new drains wait as long as we do


class Busy(Exception):
    """Drains are at work and did not end in time."""


def pass_through() -> None:
    """Keep those who remove out until this transaction ends."""
    run("SELECT pg_advisory_xact_lock_shared(%s)", _GATE)


def close() -> None:
    """Keep drains out until this transaction ends. Raises ``Busy``.

    Call first in a short transaction: whoever drains waits meanwhile.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {_WAIT_MS}")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GATE])
            cursor.execute("SET LOCAL lock_timeout = 0")
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable):
            raise Busy("drains are at work") from exc
        raise
