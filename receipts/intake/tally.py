"""What the door counts on the side: refusals, and when a path was last used.

Counted in memory, written by a thread every few seconds; a lost count hurts nobody.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import msgspec
import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from channels_cfg.services.routes import Route
from receipts.background import Background
from receipts.intake.acks import acks
from receipts.processing.json_rows import as_json, recordset, run

log = structlog.get_logger(__name__)

_FLUSH_EVERY_S = 5.0
_KINDS = 500  # of refusals between two flushes; what is more counts as "others"
_KEPT = 10_000  # rows of refusals

_REFUSALS = (
    "INSERT INTO receipts_refusal AS r (path, address, reason, count, first_at, last_at) "
    "SELECT x.path, x.address::inet, x.reason, x.count, x.last_at, x.last_at FROM "
    + recordset(
        "path text, address text, reason text, count bigint, last_at timestamptz"
    )
    + " ORDER BY 1, 2, 3 ON CONFLICT (path, address, reason) DO UPDATE SET "
    "count = r.count + excluded.count, last_at = greatest(r.last_at, excluded.last_at)"
)
_FORGET = (
    "DELETE FROM receipts_refusal WHERE last_at < (SELECT last_at FROM "
    "receipts_refusal ORDER BY last_at DESC OFFSET %s LIMIT 1)"
)
_USES = (
    "INSERT INTO receipts_pathuse AS u "
    "(callback_path_id, last_used_at, older_secret_used_at) "
    "SELECT p.id, x.used_at, x.older_at FROM "
    + recordset("path_id bigint, used_at timestamptz, older_at timestamptz")
    + " JOIN channels_cfg_callbackpath p ON p.id = x.path_id ORDER BY 1 "
    "ON CONFLICT (callback_path_id) DO UPDATE SET "
    "last_used_at = greatest(u.last_used_at, excluded.last_used_at), older_secret_used_at "
    "= greatest(u.older_secret_used_at, excluded.older_secret_used_at)"
)


class _Refused(msgspec.Struct):
    path: str
    address: str | None
    reason: str
    count: int
    last_at: datetime


class _Used(msgspec.Struct):
    path_id: int
    used_at: datetime
    older_at: datetime | None = None


class Tally:
    """Counts of this process; ``flush`` writes and forgets them."""

    def __init__(self, now: Callable[[], datetime] = timezone.now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._refused: dict[tuple[str, str, str], _Refused] = {}
        self._used: dict[int, _Used] = {}
        self._flushing = Background("tally", self._flush_for_ever)

    def refused(self, path: str, address: str, reason: str) -> None:
        """Count a push that was not taken."""
        key = (path[:200].replace("\0", "\ufffd"), address, reason)
        with self._lock:
            if key not in self._refused and len(self._refused) >= _KINDS:
                key = ("(others)", "", reason)
            row = self._refused.setdefault(
                key, _Refused(key[0], key[1] or None, reason, 0, self._now())
            )
            row.count += 1
            row.last_at = self._now()
        self._flushing.ensure()

    def used(self, route: Route, secret: int) -> None:
        """Note that a proven caller used a path, with its newest or an older secret."""
        row = _Used(route.path_id, self._now())
        with self._lock:
            known = self._used.get(route.path_id)
            if secret:
                row.older_at = row.used_at
            elif known is not None:
                row.older_at = known.older_at
            self._used[route.path_id] = row
        self._flushing.ensure()

    def flush(self) -> None:
        """Write what was counted since the last time."""
        with self._lock:
            refused, self._refused = self._refused, {}
            used, self._used = self._used, {}
        if used:
            run(_USES, as_json(list(used.values())))
        if refused:
            run(_REFUSALS, as_json(list(refused.values())))
            run(_FORGET, _KEPT)
        acks.flush()

    def _flush_for_ever(self) -> None:
        while True:
            time.sleep(_FLUSH_EVERY_S)
            try:
                self.flush()
            except DatabaseError as exc:
                log.warning("tally_not_written", reason=str(exc))
            connection.close()


tally = Tally()
