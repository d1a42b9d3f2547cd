"""Keeps services running, in one thread: start in order, restart, stop in reverse."""

import itertools
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from types import FrameType

from portal.runtime.output import Output
from portal.runtime.problems import Impossible
from portal.runtime.running import Running
from portal.runtime.service import Service

_TICK_S = 0.25


class Stopped(Exception):
    """The user asked for the end while the start was still going on."""


class Supervisor:
    """Runs services until told to stop. One thread, so that children die with it."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self._selector = selectors.DefaultSelector()
        self._running: list[Running] = []
        self._stops = 0
        self._is_hup = False
        self._wake, waker = socket.socketpair()
        for end in (self._wake, waker):
            end.setblocking(False)
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        self._waker = waker

    def handle_signals(self) -> None:
        """Take INT and TERM as stop, HUP as reload, a child's death as a wake-up."""
        # Without a handler of its own a signal would not wake the selector.
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_hup)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def start(self, services: Iterable[Service]) -> None:
        """Start ``services`` tier by tier, each tier when the one below is ready.

        Raises ``Impossible`` when one is not ready in time, ``Stopped`` when asked to stop.
        """
        by_tier = sorted(services, key=lambda service: service.tier)
        for _tier, group in itertools.groupby(by_tier, lambda service: service.tier):
            started = [Running(one, self.output, self._selector) for one in group]
            for one in started:
                self._running.append(one)
                one.start()
            self._wait_ready(started)

    def run(self, *, each_hour: Callable[[], None]) -> None:
        """Keep everything running until told to stop."""
        next_hour = time.monotonic() + 3600
        while not self._stops:
            self.step()
            if time.monotonic() > next_hour:
                next_hour += 3600
                each_hour()
            if self._is_hup:
                self._is_hup = False
                self.output.say("Reloading.")
                for one in self._running:
                    if one.service.takes_hup:
                        one.signal(signal.SIGHUP)

    def step(self, wait_s: float = _TICK_S) -> None:
        """Pass on lines and mend deaths, once."""
        self._pass_on_lines(wait_s)
        for one in self._running:
            one.check()

    def wait_until(self, is_done: Callable[[], bool], *, within_s: float) -> bool:
        """Keep everything running until ``is_done``; say whether it was in time."""
        until = time.monotonic() + within_s
        while not is_done():
            if self._stops:
                raise Stopped
            if time.monotonic() > until:
                return False
            self.step(0.05)
        return True

    def stop(self) -> None:
        """Stop all, the highest tier first; a second signal kills what is left."""
        by_tier = sorted(self._running, key=lambda one: -one.service.tier)
        for _tier, group in itertools.groupby(by_tier, lambda one: one.service.tier):
            self._stop_group([*group])
        self._running.clear()

    def close(self) -> None:
        """Give back what the supervisor itself holds."""
        self._selector.close()
        self._wake.close()
        self._waker.close()

    def pids(self) -> dict[str, int]:
        """Return the process id of each service that lives, by its name."""
        return {one.service.name: one.pid for one in self._running if one.pid}

    def _wait_ready(self, started: Sequence[Running]) -> None:
        for one in started:
            within_s = one.service.ready_within_s
            if not self.wait_until(one.check_ready, within_s=within_s):
                raise Impossible(
                    f"{one.service.name} was not ready within {within_s:.0f} s: its "
                    "lines above say why."
                )

    def _stop_group(self, group: Sequence[Running]) -> None:
        for one in group:
            one.signal(one.service.stop_signal)
        patience_s = max(one.service.stop_within_s for one in group)
        until, asked = time.monotonic() + patience_s, self._stops
        while not all(one.is_gone() for one in group):
            self._pass_on_lines(0.05)
            # Asked once more, by an impatient user, or out of time.
            if time.monotonic() > until or self._stops > max(asked, 1):
                break
        for one in group:
            one.kill()
        self._pass_on_lines(0)

    def _pass_on_lines(self, wait_s: float) -> None:
        for key, _events in self._selector.select(wait_s):
            if isinstance(key.data, Running):
                key.data.read()
            else:
                self._wake.recv(4096)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _on_hup(self, _number: int, _frame: FrameType | None) -> None:
        self._is_hup = True
