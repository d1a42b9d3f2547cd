"""What granian has no hooks for: how its workers begin and end. Tried on granian 2.8.

Its private parts are wrapped here and nowhere else; ``tests/portal/runtime`` starts it
and would see them go.
"""

import os
import select
import signal
import time
from collections.abc import Callable
from importlib import import_module
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], object]

_READY_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.1
_PID_BYTES = 4


def look_after_workers() -> None:
    """Call in the master, before any worker is made."""
    reading, writing = os.pipe()
    os.register_at_fork(after_in_child=_forget_handlers)
    _tell_of_beginning_and_end(writing)
    _keep_the_old_until_the_new_is_ready(reading)


def _forget_handlers() -> None:
    """Let a worker that does not serve yet end at once: it would swallow the signal.

    It has the handlers of its master until granian sets its own.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _tell_of_beginning_and_end(writing: int) -> None:
    """Let the master hear that a worker serves, and our own code that it is to end."""
    signals = import_module("granian._signals")
    set_signals = signals.set_sync_signals

    def set_ours_too() -> object:
        event = set_signals()
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, _after_ours(before))
        os.write(writing, os.getpid().to_bytes(_PID_BYTES, "little"))
        return event

    vars(signals)["set_sync_signals"] = set_ours_too


def _after_ours(before: Handler) -> Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        import_module("portal.closing").closing.begin()
        before(number, frame)

    return handle


def _keep_the_old_until_the_new_is_ready(reading: int) -> None:
    """Have a start return when the worker serves, if it takes another one's place.

    granian gives it a fixed time. Seen on a busy machine: both old ones were gone, none
    of the new ones was there yet, and pushes waited for 45 s.
    """
    kind = import_module("granian.server.mp").WorkerProcess
    start = kind.start
    ready: set[int] = set()

    def start_and_wait(worker: Any) -> None:  # granian has no types
        start(worker)
        if worker.idx not in worker.parent.respawned_wrks:
            return
        ends_at = time.monotonic() + _READY_WITHIN_S
        while worker.is_alive() and time.monotonic() < ends_at:
            ready.update(_told(reading))
            if worker.inner.pid in ready or worker.parent.interrupt_signal:
                return

    kind.start = start_and_wait


def _told(reading: int) -> list[int]:
    """Return which workers have said since the last time that they serve."""
    if not select.select([reading], [], [], _LOOK_EVERY_S)[0]:
        return []
    data = os.read(reading, 1024 * _PID_BYTES)
    return [
        int.from_bytes(data[at : at + _PID_BYTES], "little")
        for at in range(0, len(data), _PID_BYTES)
    ]
