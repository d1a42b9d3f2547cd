"""Django's ``migrate``, which never makes pushes wait long for a table it changes.

A change of a table waits for whoever reads it, and everybody else waits behind the
change: so it gives up after a second, lets them pass, and tries again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable

_LOCK_TIMEOUT = "1s"  # what the door gives an insert before it goes to the spool
_TRIES = 20
_PAUSE_S = 2.0


class Command(migrate.Command):
    """Migrate with a bound on every wait for a lock; whole migrations are repeated."""

    def handle(self, *args: object, **options: object) -> None:
        for _ in range(_TRIES):
            try:
                with _bounded_waits(str(options["database"])):
                    super().handle(*args, **options)
            except OperationalError as exc:
                if not isinstance(exc.__cause__, LockNotAvailable | DeadlockDetected):
                    raise
                self.stderr.write("A table is in use; trying again in 2 s.")
                time.sleep(_PAUSE_S)
            else:
                return
        raise CommandError("A table stayed in use: see pg_stat_activity for by whom.")


@contextmanager
def _bounded_waits(alias: str) -> Iterator[None]:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        with connections[alias].cursor() as cursor:
            cursor.execute("RESET lock_timeout")
