"""An end to reading that nothing in the process can put off: the kernel's alarm.

A reader that never returns may swallow every exception, or hold the interpreter's lock
so that no other thread runs. So the whole process ends, its supervisor starts it again,
and the callbacks are tried in smaller company when their lease is over.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

READ_AT_MOST_S = 10.0  # 10,000 items take about one


class _Alarm:
    is_armed = False


def arm() -> None:
    """Let this process be ended; only for one that does nothing but drain."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _Alarm.is_armed = True


@contextmanager
def reading() -> Iterator[None]:
    """End the process, if it was armed, when the block takes too long."""
    if not _Alarm.is_armed:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, READ_AT_MOST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
