"""The line that moves, on a terminal; nothing anywhere else."""

from collections.abc import Callable

from portal.simulator.comparing import Difference
from portal.simulator.ledger import Tally

_WIDTH = 28
_CLEAR = "\r\x1b[K"


class Progress:
    """Draws over its own line with ``write``; None draws nothing."""

    def __init__(self, write: Callable[[str], None] | None) -> None:
        self._write = write

    def pushing(self, tally: Tally, of: int) -> None:
        """Show how many of all pushes have begun, and what is still open."""
        done = tally.pushes / of
        bar = "#" * int(done * _WIDTH)
        waiting = f", {tally.open:,} waiting for a retry" if tally.retries else ""
        self._draw(
            f"[{bar:.<{_WIDTH}}] {done:4.0%}  {tally.acknowledged:,} receipts "
            f"acknowledged{waiting}"
        )

    def comparing(self, difference: Difference) -> None:
        """Show how much is visible."""
        missing = len(difference.missing)
        self._draw(f"Comparing: {difference.visible:,} visible, {missing:,} missing")

    def clear(self) -> None:
        """Make room for lines that stay."""
        if self._write:
            self._write(_CLEAR)

    def _draw(self, line: str) -> None:
        if self._write:
            self._write(f"{_CLEAR}{line}")
