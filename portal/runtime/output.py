"""The one log: lines of all processes, each with the name of who said it."""

import queue
import sys
import threading

_WIDTH = 8
_LONGEST_LINE = 16_384


class Output:
    """Writes lines to stdout from a thread of its own, and never blocks who logs.

    A terminal that was stopped with ctrl-s, or a pager that reads nothing, must not
    stop the portal: past 10,000 waiting lines new ones are dropped and counted.
    """

    def __init__(self) -> None:
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=10_000)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Write a line of the supervisor itself, without a name before it."""
        self._put(text.encode())

    def pass_on(self, name: str, line: bytes) -> None:
        """Write a line that the process ``name`` wrote."""
        if line := line.rstrip():
            self._put(f"{name:<{_WIDTH}}| ".encode() + line[:_LONGEST_LINE])

    def close(self) -> None:
        """Write what waits, two seconds at most."""
        self._lines.put(None)
        self._thread.join(timeout=2)

    def _put(self, line: bytes) -> None:
        try:
            if self._dropped:
                self._lines.put_nowait(b"(%d lines were dropped)" % self._dropped)
                self._dropped = 0
            self._lines.put_nowait(line)
        except queue.Full:
            self._dropped += 1

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                sys.stdout.buffer.write(line + b"\n")
                sys.stdout.buffer.flush()
            except OSError:
                continue  # the terminal is gone; the portal goes on
