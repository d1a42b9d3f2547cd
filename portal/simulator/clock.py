"""A provider's clock: how long it waits for an answer, and when it tries again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from channels_cfg.wire import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryClock:
    """Seconds. ``retry_after_s`` counts from the first attempt."""

    ack_limit_s: float
    retry_after_s: Sequence[float]

    @classmethod
    def of(cls, limits: Limits, *, compress: float = 1) -> Self:
        """Return the clock of ``limits``, the waits between attempts divided.

        The time for an answer is not: the portal does not run any faster.
        """
        waits = (wait.total_seconds() / compress for wait in limits.retry_after)
        return cls(
            ack_limit_s=limits.ack_limit.total_seconds(), retry_after_s=tuple(waits)
        )

    def next_try(self, first_at: float, attempt: int) -> float | None:
        """Return when to try again after ``attempt`` (1 is the first) has failed.

        None: the provider gives up.
        """
        if attempt > len(self.retry_after_s):
            return None
        return first_at + self.retry_after_s[attempt - 1]

    @property
    def longest_s(self) -> float:
        """How long after the first attempt the last one may still be going on."""
        return max(self.retry_after_s, default=0) + self.ack_limit_s
