"""Callback paths from memory; a change is in force within seconds in any process."""

import threading
import time
from collections.abc import Mapping

import structlog
from django.db import DatabaseError, connection

from channels_cfg.services import routes
from channels_cfg.services.routes import Route
from receipts.background import Background
from receipts.intake.refusals import NowhereToKeep, UnknownPath

log = structlog.get_logger(__name__)

REFRESH_EVERY_S = 3.0
_MISS_EVERY_S = 1.0


class Routes:
    """A snapshot of all paths, renewed by a thread and, at most once a second, on a miss."""

    def __init__(self) -> None:
        self._known: Mapping[str, Route] = {}
        self._loaded_at: float | None = None
        self._loading = threading.Lock()
        self._refreshing = Background("routes", self._refresh_for_ever)

    def find(self, path: str) -> Route:
        """Return the route of ``path``.

        Raises ``UnknownPath``, or ``NowhereToKeep`` while nobody can say: the database
        is away and the path is not known from memory.
        """
        self._refreshing.ensure()
        route = self._known.get(path)
        if route is None:
            self._look_again()
            route = self._known.get(path)
        if route is None:
            raise UnknownPath if self._is_recent() else NowhereToKeep
        return route

    def load(self) -> None:
        """Load the paths now."""
        self._known = routes.load()
        self._loaded_at = time.monotonic()

    def _age(self) -> float:
        if self._loaded_at is None:
            return float("inf")
        return time.monotonic() - self._loaded_at

    def _is_recent(self) -> bool:
        return self._age() <= 2 * REFRESH_EVERY_S

    def _look_again(self) -> None:
        """Load once for all who miss; who comes second waits for the first."""
        with self._loading:
            if self._age() >= _MISS_EVERY_S:
                self._try_to_load()

    def _try_to_load(self) -> None:
        try:
            self.load()
        except DatabaseError as exc:
            log.warning("routes_not_loaded", reason=str(exc))

    def _refresh_for_ever(self) -> None:
        while True:
            time.sleep(REFRESH_EVERY_S)
            with self._loading:
                self._try_to_load()
            # A connection of a thread that sleeps most of the time is a slot wasted.
            connection.close()


known_routes = Routes()
