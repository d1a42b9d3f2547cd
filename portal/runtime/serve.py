"""granian with the libraries imported before it forks: workers share them, and start fast.

Our own code is left to the workers, so that a reload (HUP) takes what was deployed.
"""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from runpy import run_module
from types import FrameType

_LIBRARIES = (
    "celery.app.base",
    "celery.utils.threads",
    "cryptography.fernet",
    "django.core.handlers.wsgi",
    "django.core.serializers",
    "django.db.models",
    "django.forms",
    "django.urls",
    "kombu.transport.redis",
    "psycopg",
    "redis",
    "requests",
    "structlog",
)

Handler = Callable[[int, FrameType | None], object]


def end_workers_that_start() -> None:
    """Let a worker that does not serve yet end at once: it would swallow the signal.

    It has the handlers of its master until granian sets its own.
    """

    def forget_handlers() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    os.register_at_fork(after_in_child=forget_handlers)


def tell_workers_of_their_end() -> None:
    """Let our own code hear the signal that ends a worker: granian has no hook for it."""
    signals = import_module("granian._signals")
    set_signals = signals.set_sync_signals

    def set_ours_too() -> object:
        event = set_signals()
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, _after_ours(before))
        return event

    vars(signals)["set_sync_signals"] = set_ours_too


def _after_ours(before: Handler) -> Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        import_module("portal.closing").closing.begin()
        before(number, frame)

    return handle


if __name__ == "__main__":
    for name in _LIBRARIES:
        import_module(name)
    end_workers_that_start()
    tell_workers_of_their_end()
    run_module("granian", run_name="__main__")
