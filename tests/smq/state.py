"""One queue of the stand-in: who may see which message when, and with which handle.

From the vendor's pages: a received message is hidden until its time is up, a handle is
good for the latest receive only and only until then, and order is not kept.
"""

import base64
import binascii
import hashlib
import heapq
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

NOT_THERE = "MessageNotExist"
BAD_HANDLE = "ReceiptHandleError"
# The first bytes make "+" and "/" appear in every handle, as they do in real ones.
_HANDLE_MARK = b"\xfb\xff\xbf"


@dataclass(slots=True)
class Held:
    """A message in the queue; times are Unix seconds, 0 is never."""

    number: int
    text: str
    enqueued_at: float
    visible_at: float
    first_received_at: float = 0
    receives: int = 0
    handle: str = ""

    @property
    def message_id(self) -> str:
        return f"{self.number:032X}"

    @property
    def digest(self) -> str:
        return hashlib.md5(self.text.encode()).hexdigest().upper()  # noqa: S324  # theirs


class QueueState:
    """A queue; every method may be called from any thread."""

    def __init__(self, *, visibility_s: float = 30, poll_limit: int = 100) -> None:
        self.visibility_s = visibility_s
        self.poll_limit = poll_limit
        self.count: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._held: dict[int, Held] = {}
        self._by_handle: dict[str, int] = {}
        self._heap: list[tuple[float, float, int]] = []
        self._numbers = itertools.count(1)
        self._polls = 0
        self.most_polls = 0  # that ever waited at the same time
        self.asked_at = 0.0  # the last receive, by the monotonic clock
        self._order = random.Random(7)  # the same disorder in every run
        self._is_closed = False

    def __len__(self) -> int:
        with self._changed:
            return len(self._held)

    def put(self, texts: Iterable[str]) -> None:
        now = time.time()
        with self._changed:
            for text in texts:
                number = next(self._numbers)
                self._held[number] = Held(number, text, now, now)
                self._push(now, number)
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody who waits go."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def receive(self, limit: int, wait_s: float) -> list[Held]:
        """Take up to ``limit`` visible messages, waiting for the first of them."""
        until = time.time() + wait_s
        with self._changed:
            self.asked_at = time.monotonic()
            taken = self._take(limit)
            if taken or self._polls >= self.poll_limit:
                return taken  # too many wait already: the service answers at once
            self._polls += 1
            self.most_polls = max(self.most_polls, self._polls)
            try:
                while not taken and not self._is_closed and time.time() < until:
                    self._changed.wait(self._pause(until))
                    taken = self._take(limit)
            finally:
                self._polls -= 1
            return taken

    def peek(self) -> Held | None:
        now = time.time()
        with self._changed:
            seen = (held for held in self._held.values() if held.visible_at <= now)
            return next((replace(held, handle="") for held in seen), None)

    def delete(self, handle: str) -> str:
        """Delete by handle; return the error code, '' if it is gone now."""
        with self._changed:
            held, code = self._find(handle)
            if held is None:
                self.count["undeleted"] += 1
                return code
            del self._held[held.number], self._by_handle[handle]
            self.count["deleted"] += 1
            return ""

    def hide(self, handle: str, seconds: float) -> tuple[Held | None, str]:
        """Give a received message another time and a new handle, or an error code."""
        with self._changed:
            held, code = self._find(handle)
            if held is None:
                return None, code
            self._hand_out(held, seconds)
            self._changed.notify_all()
            return replace(held), ""

    def show_all(self) -> None:
        """End every time of hiding now, as if the visibility timeout had passed."""
        with self._changed:
            now = time.time()
            for held in self._held.values():
                held.visible_at = now
                self._push(now, held.number)
            self._changed.notify_all()

    def _take(self, limit: int) -> list[Held]:
        now = time.time()
        taken: list[Held] = []
        while self._heap and self._heap[0][0] <= now and len(taken) < limit:
            visible_at, _, number = heapq.heappop(self._heap)
            held = self._held.get(number)
            if held is None or held.visible_at != visible_at:
                continue  # deleted, or hidden anew since this entry was made
            self.count["received"] += 1
            self.count["redelivered"] += held.receives > 0
            held.receives += 1
            held.first_received_at = held.first_received_at or now
            self._hand_out(held, self.visibility_s)
            taken.append(replace(held))
        return taken

    def _hand_out(self, held: Held, seconds: float) -> None:
        self._by_handle.pop(held.handle, None)
        unique = f"{held.number}:{time.time_ns()}".encode()
        held.handle = "1-" + base64.b64encode(_HANDLE_MARK + unique).decode()
        held.visible_at = time.time() + seconds
        self._by_handle[held.handle] = held.number
        self._push(held.visible_at, held.number)

    def _push(self, visible_at: float, number: int) -> None:
        heapq.heappush(self._heap, (visible_at, self._order.random(), number))

    def _pause(self, until: float) -> float:
        wake_at = min(until, self._heap[0][0]) if self._heap else until
        return max(wake_at - time.time(), 0.001)

    def _find(self, handle: str) -> tuple[Held | None, str]:
        number = self._by_handle.get(handle)
        held = self._held[number] if number is not None else None
        if held is not None and held.visible_at > time.time():
            return held, ""
        return None, NOT_THERE if _is_well_formed(handle) else BAD_HANDLE


def _is_well_formed(handle: str) -> bool:
    try:
        base64.b64decode(handle.removeprefix("1-"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return handle.startswith("1-")
