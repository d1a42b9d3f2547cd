"""A row that goes the whole way into the spool and out again, but into no table.

A way that is only used in need is broken when it is needed. Web processes send one an
hour each, over the very thread that would spool a callback, and so does the loader.
"""

import random
import time

import structlog

from receipts.background import Background
from receipts.spool import writing
from receipts.spool.folder import SpoolError
from receipts.spool.records import canary
from receipts.spool.store import spool

log = structlog.get_logger(__name__)

EVERY_S = 3600.0
NOTE = "canary"  # of the last one that came through
_SENT = "canary sent"
_PATIENCE_S = 5.0


def send() -> None:
    """Send a canary into the spool; a way that is broken is an error in the log."""
    try:
        writing.write([canary()], for_seconds=_PATIENCE_S)
    except SpoolError as exc:
        log.error("canary_not_spooled", reason=str(exc))  # noqa: TRY400  # the reason says it all


def send_if_due() -> None:
    """Send one an hour also where no web process is at work."""
    try:
        file = spool().current()
        if not 0 <= time.time() - (file.noted_at(_SENT) or 0.0) < EVERY_S:
            file.note(_SENT)
            send()
    except SpoolError as exc:
        log.error("canary_not_spooled", reason=str(exc))  # noqa: TRY400  # the reason says it all


def _send_for_ever() -> None:
    while True:
        # Not all processes of a host at the same moment.
        time.sleep(random.uniform(0.5, 1.0) * EVERY_S)  # noqa: S311
        send()


sending = Background("canary", _send_for_ever)
