"""How a web process ends: it answers what is under way, keeps no connection, and goes.

granian waits for its connections to end, and kills after ten seconds: seen with a
client that pushes on without a pause, and with one that never finishes what it began.
"""

import os
import threading
import time
from wsgiref.types import StartResponse

from django.core.signals import request_finished, request_started

_AT_MOST_S = 7.0  # below the 10 s after which granian kills
_QUIET_S = 1.0  # for the last answer to reach its client
_LOOK_EVERY_S = 0.05


class _Counted:
    """How many requests are under way; a ``with`` block is one."""

    def __init__(self) -> None:
        self.number = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.number += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.number -= 1


class Closing:
    """Whether this process is to end, and what it has under way.

    Django's signals count the requests of the console; the door counts its own.
    """

    def __init__(self) -> None:
        self.is_near = False
        self.counted = _Counted()
        request_started.connect(self._started)
        request_finished.connect(self._finished)

    def begin(self) -> None:
        """Tell every client from now on to go, and end when nothing is under way."""
        if not self.is_near:
            self.is_near = True
            threading.Thread(target=self._end, name="closing", daemon=True).start()

    def without_keeping(self, start_response: StartResponse) -> StartResponse:
        """Return ``start_response``, whose answer is the last of its connection."""

        def start(status: str, headers: list[tuple[str, str]], *args: object) -> object:
            return start_response(status, [*headers, ("Connection", "close")])

        return start  # type: ignore[return-value]  # granian's takes no exc_info either

    def wait_until_quiet(self) -> None:
        """Wait until nothing has been under way for a moment, or the time is up."""
        ends_at = time.monotonic() + _AT_MOST_S
        quiet_since = time.monotonic()
        while time.monotonic() < ends_at:
            if self.counted.number:
                quiet_since = time.monotonic()
            if time.monotonic() - quiet_since > _QUIET_S:
                return
            time.sleep(_LOOK_EVERY_S)

    def _end(self) -> None:
        self.wait_until_quiet()
        os._exit(0)  # what is left are clients who say nothing

    def _started(self, **_: object) -> None:
        self.counted.__enter__()

    def _finished(self, **_: object) -> None:
        self.counted.__exit__()


closing = Closing()
