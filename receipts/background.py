"""A thread of a process's own, for what no request may wait for."""

import threading
from collections.abc import Callable

from django.conf import settings


class Background:
    """A daemon thread that is started at the first need, and again after a fork.

    ``work`` never returns. Tests switch all of them off and do their work by hand.
    """

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._name = name
        self._work = work
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ensure(self) -> None:
        """Start the thread unless it runs; costs next to nothing when it does."""
        if self._thread is not None and self._thread.is_alive():
            return
        if not settings.BACKGROUND_THREADS:
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._work, name=self._name, daemon=True
                )
                self._thread.start()
