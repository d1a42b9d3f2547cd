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
