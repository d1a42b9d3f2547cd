"""One callback kept before anybody hears of it: in the database, else in the spool.

The database gets one second, the whole has 2.2. What took too long may be there all
the same: the copy in the spool has the same id and time, so the two collide.
"""

import threading
import time
from collections.abc import Callable

import structlog
from django.db import (
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
)

from receipts.database import NotReplicated, TookTooLong, within
from receipts.deliveries import Delivery, insert, insert_first
from receipts.intake.breaker import breaker
from receipts.intake.refusals import NowhereToKeep
from receipts.spool import SpoolError, canary, writing
from receipts.spool.records import pack

__all__ = ["Delivery", "keep"]

log = structlog.get_logger(__name__)

DATABASE_S = 1.0
ALL_S = 2.2
_ENDED = "57P"  # by an operator, a crash, a shutdown


def keep(delivery: Delivery) -> str:
    """Keep ``delivery`` durably and say where: in the ``database`` or the ``spool``.

    Raises ``NowhereToKeep`` when no place is left.
    """
    ends_at = time.monotonic() + ALL_S
    canary.sending.ensure()
    if breaker.is_open or not _keep_in_database(delivery, insert_first):
        _keep_in_spool(delivery, ends_at)
        return "spool"
    return "database"


def _keep_in_database(delivery: Delivery, put: Callable[[Delivery], None]) -> bool:
    """Insert ``delivery`` by ``put``; False, and the connection is closed, if it failed."""
    try:
        with within(DATABASE_S):
            _insert_on_what_works(delivery, put)
    except (DataError, IntegrityError) as exc:
        # Our own defect, and not the database's: the loader sets it aside for us.
        reason = type(exc.__cause__ or exc).__name__  # its text may tell what came
        log.error("callback_not_inserted", callback=str(delivery.id), reason=reason)  # noqa: TRY400
        return False
    except Error as exc:
        connection.close()
        is_slow = isinstance(exc.__cause__, TookTooLong)
        breaker.failed(str(exc).strip()[:200], was_slow=is_slow)
        return False
    breaker.worked()
    return True


def _insert_on_what_works(delivery: Delivery, put: Callable[[Delivery], None]) -> None:
    """Insert ``delivery`` by ``put``, once more if the connection turns out to be dead.

    So a database that was restarted costs no push its place, and no push pays for a
    check of its connection.
    """
    was_open = connection.connection is not None
    try:
        put(delivery)
    except (OperationalError, InterfaceError) as exc:
        if not (was_open and _is_about_the_connection(exc)):
            raise
        connection.close()
        insert(delivery)


def _is_about_the_connection(exc: Error) -> bool:
    """Say whether a new connection may do better: this one was lost or ended."""
    if isinstance(exc.__cause__, TookTooLong | NotReplicated):
        return False
    state = getattr(exc.__cause__, "sqlstate", None)
    return state is None or state.startswith(_ENDED)


def _keep_in_spool(delivery: Delivery, ends_at: float) -> None:
    try:
        writing.write([pack(delivery)], for_seconds=ends_at - time.monotonic())
    except SpoolError as exc:
        log.error("nowhere_to_keep", reason=str(exc))  # noqa: TRY400  # the reason says it all
        raise NowhereToKeep from exc
    if breaker.may_try():
        # No request waits for it: this one has its place already.
        threading.Thread(
            target=_try_again, args=(delivery,), name="try-again", daemon=True
        ).start()


def _try_again(delivery: Delivery) -> None:
    """Insert what lies in the spool too: its success says that the database is back."""
    try:
        _keep_in_database(delivery, insert)
    finally:
        connection.close()
