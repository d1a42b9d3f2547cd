"""How long to keep away: longer each time, never exactly."""

import random


class Pauses:
    """Pauses that double from ``first_s`` to ``longest_s``, with jitter, until a reset."""

    def __init__(self, *, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next(self, *, at_least_s: float = 0) -> float:
        """Return the next pause in seconds."""
        pause = max(self._next_s, at_least_s)
        self._next_s = min(pause * 2, self._longest_s)
        # Many hosts that failed together must not come back together.
        return pause * random.uniform(0.75, 1.25)  # noqa: S311  # no secret

    def reset(self) -> None:
        """Begin anew: something went well."""
        self._next_s = self._first_s
