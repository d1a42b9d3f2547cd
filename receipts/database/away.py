"""Whether the database is there: told by an error, or found out before a statement."""

from django.db import Error, connection

from receipts.database.patience import TookTooLong

# Connections that broke; ended by an operator, a crash, a shutdown.
_CLASSES = ("08", "57P")
_TOO_MANY_CONNECTIONS = "53300"


def is_away(error: Error) -> bool:
    """Say whether the database could not be reached, went away or said nothing."""
    if isinstance(error.__cause__, TookTooLong):
        return True
    state = getattr(error.__cause__, "sqlstate", None)
    # libpq itself gives no state: it never got as far as to be told one.
    return state is None or state.startswith(_CLASSES) or state == _TOO_MANY_CONNECTIONS


def recheck() -> None:
    """Let the next statement find out first whether its connection still lives.

    Django does so at each request that it signals; the door signals none.
    """
    connection.health_check_done = False  # type: ignore[attr-defined]  # typed nowhere
