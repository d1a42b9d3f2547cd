"""What the provider remembers: each push, each answer, and what it gave up."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

import msgspec

from portal.simulator.items import Expected
from portal.simulator.traffic import Delivery


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt went. ``is_last``: the provider will not try again."""

    at: datetime
    attempt: int
    ms: float
    is_acknowledged: bool
    is_last: bool
    answer: str  # "200", or why there was no answer


class _Line(msgspec.Struct, kw_only=True):
    """One line of the ledger's file."""

    delivery: int
    receipt_type: str
    outcome: Outcome
    receipts: tuple[Expected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The ledger in numbers: of receipts, then of pushes and attempts."""

    sent: int
    acknowledged: int
    given_up: int
    open: int
    pushes: int
    repeats: int
    retries: int


class Ledger:
    """Notes every outcome; safe to use from several threads.

    A receipt that was in several pushes is acknowledged if one of them was.
    """

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self.acknowledged: set[Expected] = set()
        self.ack_ms: list[float] = []
        self.last_ack_at: datetime | None = None
        self._sent: set[Expected] = set()
        self._given_up: set[Expected] = set()
        self._pushes = self._repeats = self._retries = 0
        self._file = file
        self._lock = threading.Lock()

    def note(self, delivery: Delivery, outcome: Outcome) -> None:
        """Note how an attempt to push ``delivery`` went."""
        with self._lock:
            self._sent.update(delivery.expected)
            self._pushes += outcome.attempt == 1
            self._repeats += outcome.attempt == 1 and delivery.is_repeat
            self._retries += outcome.attempt > 1
            if outcome.is_acknowledged:
                self.acknowledged.update(delivery.expected)
                self.ack_ms.append(outcome.ms)
                self.last_ack_at = outcome.at
            elif outcome.is_last:
                self._given_up.update(delivery.expected)
            self._write(delivery, outcome)

    def _write(self, delivery: Delivery, outcome: Outcome) -> None:
        if self._file is None:
            return
        line = _Line(
            delivery=delivery.number,
            receipt_type=str(delivery.receipt_type),
            outcome=outcome,
            receipts=delivery.expected,
        )
        self._file.write(msgspec.json.encode(line) + b"\n")

    @property
    def unproven(self) -> set[Expected]:
        """Return what was pushed without an acknowledgement: kept or not, who knows."""
        return self._sent - self.acknowledged

    def tally(self) -> Tally:
        """Return the numbers so far."""
        with self._lock:
            given_up = len(self._given_up - self.acknowledged)
            acknowledged = len(self.acknowledged)
            return Tally(
                sent=len(self._sent),
                acknowledged=acknowledged,
                given_up=given_up,
                open=len(self._sent) - acknowledged - given_up,
                pushes=self._pushes,
                repeats=self._repeats,
                retries=self._retries,
            )


def now() -> datetime:
    """Return the time of day, aware, in UTC."""
    return datetime.now(UTC)
