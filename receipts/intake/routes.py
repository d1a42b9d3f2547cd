"""Callback paths from memory; a change is in force within seconds in any process."""

import threading
import time
from collections.abc import Mapping

import structlog
from django.db import Error, connection

from channels_cfg.services import routes
from channels_cfg.services.routes import Route
from receipts.background import Background
from receipts.database import TookTooLong, recheck, within
from receipts.intake import snapshot
from receipts.intake.breaker import breaker
from receipts.intake.refusals import NowhereToKeep, UnknownPath

log = structlog.get_logger(__name__)

REFRESH_EVERY_S = 3.0
STALE_FOR_S = 24 * 3600.0  # while the database is away
_MISS_EVERY_S = 1.0
MISS_S = 1.0  # what a push may spend on it
_REFRESH_S = 5.0


class Routes:
    """A snapshot of all paths, renewed by a thread and, at most once a second, on a miss.

    Until the database has been asked once, it is the snapshot that was kept on disk.
    """

    def __init__(self) -> None:
        self._known: Mapping[str, Route] = {}
        self._loaded_at = float("-inf")  # both times are of the monotonic clock
        self._tried_at = float("-inf")
        self._is_newest = False  # who asked the database last got an answer
        self._kept: Mapping[str, Route] | None = None  # what is on disk
        self._loading = threading.Lock()
        self._refreshing = Background("routes", self._refresh_for_ever)

    def find(self, path: str) -> Route:
        """Return the route of ``path``.

        Raises ``UnknownPath``, or ``NowhereToKeep`` while nobody can say: the database
        is away and the path is not known from memory, or memory is a day old.
        """
        self.follow()
        route = self._known.get(path)
        if route is None:
            self._look_again()
            route = self._known.get(path)
            if route is None and self._is_newest:
                raise UnknownPath
        if route is None or self._age() > STALE_FOR_S:
            raise NowhereToKeep
        return route

    def follow(self) -> None:
        """Keep up with the database from now on; a process does so before any push.

        Else the first pushes after a start would find nobody to ask if the database
        went away meanwhile, and the snapshot would lack what is new.
        """
        self._refreshing.ensure()

    def load(self) -> None:
        """Load the paths now."""
        self._known = routes.load()
        self._loaded_at = time.monotonic()
        self._is_newest = True

    def keep(self) -> None:
        """Keep the paths on disk for a start without database; confirm unchanged ones."""
        try:
            if self._known == self._kept:
                snapshot.confirm()
            else:
                snapshot.save(self._known)
                self._kept = self._known
        except OSError as exc:
            self._kept = None
            log.warning("routes_not_kept", reason=str(exc))

    def _age(self) -> float:
        return time.monotonic() - self._loaded_at

    def _look_again(self) -> None:
        """Load once for all who miss; who comes second waits for the first."""
        if breaker.is_open:
            # Pushes have found out that the database is away: no thread waits for it.
            self._recall()
        elif self._loading.acquire(timeout=MISS_S):
            try:
                if time.monotonic() - self._tried_at >= _MISS_EVERY_S:
                    self._load_for_a_push()
            finally:
                self._loading.release()
        else:
            self._recall()

    def _load_for_a_push(self) -> None:
        error = self._try_to_load(MISS_S)
        if error is not None and isinstance(error.__cause__, TookTooLong):
            # It has had its second: what it brings goes straight to the spool.
            breaker.failed(str(error), was_slow=True)

    def _try_to_load(self, seconds: float) -> Error | None:
        self._tried_at = time.monotonic()
        try:
            with within(seconds):
                recheck()
                self.load()
        except Error as exc:
            log.warning("routes_not_loaded", reason=str(exc).strip()[:200])
            connection.close()
            self._recall()
            return exc
        return None

    def _recall(self) -> None:
        """Go on with what is known; that is what is on disk, before the first answer."""
        self._is_newest = False
        if self._loaded_at == float("-inf") and (kept := snapshot.read()) is not None:
            self._known = self._kept = kept.routes
            self._loaded_at = time.monotonic() - max(0.0, kept.age_s)
            log.warning("routes_recalled", paths=len(kept.routes), age_s=kept.age_s)

    def _refresh_for_ever(self) -> None:
        while True:
            with self._loading:
                self._try_to_load(_REFRESH_S)
            if self._is_newest:
                self.keep()
            # A connection of a thread that sleeps most of the time is a slot wasted.
            connection.close()
            time.sleep(REFRESH_EVERY_S)


known_routes = Routes()
