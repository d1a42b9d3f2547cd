"""What granian has no hooks for: how its workers begin and end. Tried on granian 2.8.

Its private parts are wrapped here and nowhere else; ``tests/portal/runtime`` starts it
and would see them go.
"""

import os
import select
import signal
import threading
import time
from importlib import import_module
from typing import Any

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
        _hear_of_the_end()
        os.write(writing, os.getpid().to_bytes(_PID_BYTES, "little"))
        return event

    vars(signals)["set_sync_signals"] = set_ours_too


def _hear_of_the_end() -> None:
    """Have a thread begin our end as soon as the signal is there.

    A handler in Python waits for the main thread, which is in granian's hands: one
    worker of eighty did not hear of its end within 10 s and was killed.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_await_the_end, args=(reading,), daemon=True).start()


def _await_the_end(reading: int) -> None:
    while os.read(reading, 1)[0] not in (signal.SIGINT, signal.SIGTERM):
        pass
    import_module("portal.closing").closing.begin()


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
