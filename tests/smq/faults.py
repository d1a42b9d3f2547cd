"""What the stand-in may be told to do wrong, and when."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """A fault; "before" and "after" are about doing what was asked."""

    DROP_BEFORE = "drop_before"  # hang up, nothing done
    DROP_AFTER = "drop_after"  # done, but the answer never leaves
    HALF = "half"  # done, and half of the answer leaves
    ERROR = "error"  # status 500, nothing done
    THROTTLE = "throttle"  # too many calls, nothing done
    GARBAGE = "garbage"  # done, and the answer is not XML
    BOMB = "bomb"  # done, and the answer is entities within entities
    HANG = "hang"  # silence for some seconds, nothing done
    SLOW = "slow"  # done, and answered some seconds late
    TRICKLE = "trickle"  # done, and answered byte by byte


@dataclass(slots=True)
class Plan:
    """A harm for an operation ("*" is any): every n-th call, a number of times."""

    operation: str
    harm: Harm
    times: int = 1  # -1: for ever
    every: int = 1
    seconds: float = 5
    seen: int = 0

    def is_due(self, operation: str) -> bool:
        if self.times == 0 or self.operation not in ("*", operation):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.times -= self.times > 0
        return True


class Faults:
    """The harms that are planned."""

    def __init__(self) -> None:
        self._plans: list[Plan] = []
        self._lock = threading.Lock()

    def plan(self, plan: Plan) -> None:
        with self._lock:
            self._plans.append(plan)

    def clear(self) -> None:
        with self._lock:
            self._plans.clear()

    def due(self, operation: str) -> Plan | None:
        with self._lock:
            return next((p for p in self._plans if p.is_due(operation)), None)
