"""What a web process must have before it takes its first callback."""

import sys

from receipts.spool import SpoolError
from receipts.spool.store import check_writable


def require_spool() -> None:
    """End the process, with one sentence, if the spool cannot be written.

    A portal that starts without it would lose callbacks on the day it is needed.
    """
    try:
        check_writable()
    except SpoolError as exc:
        sys.exit(str(exc))


def follow_paths() -> None:
    """Have this process know the callback paths before the first push comes."""
    # Needs models: not to be imported before the apps are ready.
    from receipts.intake.routes import known_routes

    known_routes.follow()
