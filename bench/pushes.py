"""A steady load on several doors, and its comparison with the API afterwards.

A push that one host refuses or drops goes to the next one, as a provider's retry
through a balancer would; what no host acknowledged is counted, not lost.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import requests

CHANNEL = """
channels:
  - key: shared
    name: Shared
    provider: cams
    type: whatsapp
    callbacks:
      mt_status: {path: shared/status, enabled: true}
"""
_WORDS = ("Sent", "Delivered", "Read")
_ITEMS = 3
_TIMEOUT_S = 4.0


@dataclass
class Pushes:
    """The load; ``doors`` may be changed while it goes on."""

    doors: list[str]
    each_s: float
    threads: int = 4
    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, float] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    slowest_ms: float = 0.0

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._numbers = count()
        self._lock = threading.Lock()
        self._running = [
            threading.Thread(target=self._push_on, daemon=True)
            for _ in range(self.threads)
        ]

    def start(self) -> None:
        """Begin to push."""
        for each in self._running:
            each.start()

    def end(self) -> None:
        """End, when the last pushes have their answers."""
        self._ended.set()
        for each in self._running:
            each.join()

    def _push_on(self) -> None:
        session = requests.Session()
        while not self._ended.wait(self.each_s):
            with self._lock:
                number = next(self._numbers)
            items = [_item(number * _ITEMS + place) for place in range(_ITEMS)]
            names = [_name(item) for item in items]
            self.sent.update(names)
            if self._is_taken(session, json.dumps(items).encode(), number):
                now = time.time()
                self.acknowledged.update(dict.fromkeys(names, now))

    def _is_taken(self, session: requests.Session, body: bytes, number: int) -> bool:
        doors = list(self.doors)
        for turn in range(len(doors) * 2):
            door = doors[(number + turn) % len(doors)]
            if self._ask(session, door, body):
                return True
        return False

    def _ask(self, session: requests.Session, door: str, body: bytes) -> bool:
        began = time.monotonic()
        try:
            url = f"{door}/callbacks/shared/status"
            answer = session.post(url, data=body, timeout=_TIMEOUT_S)
        except requests.RequestException as exc:
            self.answers[type(exc).__name__] += 1
            return False
        took = (time.monotonic() - began) * 1000
        self.answers[str(answer.status_code)] += 1
        if answer.status_code == 200:
            self.slowest_ms = max(self.slowest_ms, took)
        return answer.status_code == 200


def _item(number: int) -> dict[str, object]:
    message, step = divmod(number, len(_WORDS))
    return {
        "MessageId": f"s{message:09}",
        "From": "8613100000008",
        "To": f"86138{message % 5000:08}",
        "Status": _WORDS[step],
        "Timestamp": 1763632800000 + number,
    }


def _name(item: dict[str, object]) -> str:
    return f"{item['MessageId']} {item['Status']}"


def visible(url: str, token: str) -> Counter[str]:
    """Return how often the feed of a host gives each receipt that was ever kept."""
    seen: Counter[str] = Counter()
    after: dict[str, str] = {}
    while True:
        answer = requests.get(
            f"{url}/api/v1/changes/",
            params={"page_size": "200", **after},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        answer.raise_for_status()
        told = answer.json()
        rows: Sequence[dict[str, str]] = told["results"]
        seen.update(f"{row['message_id']} {row['raw_status']}" for row in rows)
        if not rows:
            return seen
        after = {"after": told["cursor"]}


def wait_visible(
    url: str, token: str, wanted: set[str], within_s: float
) -> float | None:
    """Return after how many seconds all of ``wanted`` are there; None if never."""
    began = time.monotonic()
    while not wanted <= visible(url, token).keys():
        if time.monotonic() - began > within_s:
            return None
        time.sleep(1)
    return time.monotonic() - began


def told(pushes: Pushes, seen: Counter[str]) -> tuple[list[str], bool]:
    """Return lines that say how it went, and whether it went as it must."""
    lost = pushes.acknowledged.keys() - seen.keys()
    doubled = [name for name, times in seen.items() if times > 1]
    strange = seen.keys() - pushes.sent
    answers = ", ".join(f"{word} {n}" for word, n in sorted(pushes.answers.items()))
    lines = [
        f"receipts sent {len(pushes.sent)}, acknowledged {len(pushes.acknowledged)}, "
        f"visible {len(seen)}",
        f"lost {len(lost)}, double {len(doubled)}, never sent {len(strange)}",
        f"answers: {answers}; slowest acknowledgement {pushes.slowest_ms:.0f} ms",
    ]
    return lines, not lost and not doubled and not strange
