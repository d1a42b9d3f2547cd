"""Strangers who knock at many doors that do not exist are told to stop, cheaply."""

import threading
import time
from collections import OrderedDict

_WINDOW_S = 60.0
_ALLOWED = 60
_REMEMBERED = 10_000  # addresses; the one longest unseen is forgotten first


class Limiter:
    """Counts per address and minute, in this process only."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def is_too_much(self, address: str) -> bool:
        """Count one knock of ``address``; True when it had its sixty this minute."""
        now = time.monotonic()
        with self._lock:
            since, count = self._seen.pop(address, (now, 0))
            if now - since >= _WINDOW_S:
                since, count = now, 0
            self._seen[address] = (since, count + 1)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return count >= _ALLOWED


strangers = Limiter()
