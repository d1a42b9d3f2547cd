"""A service that was started: its process, its lines, when it may start again."""

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress

from portal.runtime import child
from portal.runtime.output import Output
from portal.runtime.service import Service

_STEADY_S = 10  # a life at least this long is no crash loop
_FIRST_RESTART_S = 1.0
_KILLED_WITHIN_S = 5


class Running:
    """One service under supervision."""

    def __init__(
        self, service: Service, output: Output, selector: selectors.BaseSelector
    ) -> None:
        self.service = service
        self.is_known_ready = False
        self._output = output
        self._selector = selector
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: int | None = None
        self._rest = b""
        self._started = 0.0
        self._delay_s = 0.0
        self._restart_at: float | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id while the process lives."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process; what it writes is passed on with its name."""
        service = self.service
        service.before_start()
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        try:
            self._process = child.start(
                service.command,
                env={**os.environ, **service.env},
                account=service.account,
                death_signal=service.death_signal,
                output=writing,
            )
        finally:
            os.close(writing)
        self._pipe = reading
        self._selector.register(reading, selectors.EVENT_READ, self)
        self._started = time.monotonic()
        self._restart_at = None

    def check(self) -> None:
        """Notice a death, and start again when the back-off is over."""
        if self._process is not None and self._process.poll() is not None:
            self._note_death(self._process.returncode)
        if self._restart_at is not None and time.monotonic() >= self._restart_at:
            try:
                self.start()
            except (OSError, subprocess.SubprocessError) as error:
                self._plan_restart(str(error))

    def check_ready(self) -> bool:
        """Say whether the process is up and does its work."""
        if not self.is_known_ready:
            self.is_known_ready = self._process is not None and self.service.is_ready()
        return self.is_known_ready

    def read(self) -> None:
        """Pass on the lines that the process has written."""
        if self._pipe is None:
            return
        try:
            data = os.read(self._pipe, 65_536)
        except BlockingIOError:
            return
        if not data:
            self._close_pipe()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not any(words in line for words in self.service.hushed):
                self._output.pass_on(self.service.name, line)

    def signal(self, number: signal.Signals) -> None:
        """Send ``number`` to the process itself, which tells its own children."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End the process and all that it started, now."""
        if self._process is not None:
            child.signal_group(self._process, self.service.kill_signal)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_KILLED_WITHIN_S)

    def is_gone(self) -> bool:
        """Say whether the process has ended; its exit is not a death to mend any more."""
        self._restart_at = None
        return self._process is None or self._process.poll() is not None

    def _note_death(self, code: int) -> None:
        self.read()
        if self._process is not None:
            # Whatever it started and left: two masters must not share a socket.
            child.signal_group(self._process, signal.SIGKILL)
        self._process = None
        self.is_known_ready = False
        self._close_pipe()
        if not self.service.runs_once:
            self._plan_restart(_reason(code))

    def _plan_restart(self, reason: str) -> None:
        lived = time.monotonic() - self._started
        doubled = self._delay_s * 2 if lived < _STEADY_S else 0
        self._delay_s = min(
            max(doubled, _FIRST_RESTART_S), self.service.slowest_restart_s
        )
        self._restart_at = time.monotonic() + self._delay_s
        self._output.say(
            f"{self.service.name} ended ({reason}); "
            f"starting it again in {self._delay_s:.0f} s."
        )

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            self._selector.unregister(self._pipe)
            os.close(self._pipe)
            self._pipe = None
        self._output.pass_on(self.service.name, self._rest)
        self._rest = b""


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
