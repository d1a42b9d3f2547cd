"""Loaded by every Python process of a portal under test; no part of the portal.

Gives the CAMS reader its poison (a body that holds ``fault-poison:NAME``), and plants
the defect that ``FAULTS_PLANTED`` names, as soon as the module concerned is imported.
"""

import importlib.util
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_POISON = b"fault-poison:"
_PAGE = 4096
_MEMORY_LIMIT = 700 * 1024 * 1024


def _raise() -> None:
    raise RuntimeError("a defect of the reader")


def _eat() -> None:
    import resource

    # In place of the machine's own limit, which others share.
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))
    held = []
    try:
        while True:
            held.append(bytearray(64 * 1024 * 1024))
    except MemoryError:
        os.kill(os.getpid(), 9)  # as the kernel does with who eats all


def _sleep() -> None:
    while True:  # past soft and hard limit, whatever interrupts it
        try:
            time.sleep(3600)
        except BaseException:  # noqa: S112  # the worst reader swallows all
            continue


_EFFECTS = {b"raise": _raise, b"abort": os.abort, b"eat": _eat, b"sleep": _sleep}


def _poisonous(module: Any) -> None:
    split: Callable[[object, bytes], Sequence[bytes]] = module.Cams.split

    def poisoned(self: object, body: bytes) -> Sequence[bytes]:
        if _POISON in body:
            for name, effect in _EFFECTS.items():
                if _POISON + name in body:
                    effect()
        return split(self, body)

    module.Cams.split = poisoned


def _early(module: Any) -> None:
    """Answer before the commit."""
    keep = module.keep

    def keep_later(delivery: object) -> None:
        threading.Timer(0.3, keep, [delivery]).start()

    module.keep = keep_later


def _forgetful(module: Any) -> None:
    """Commit without waiting for the disk."""
    module._SESSION = "SET synchronous_commit = off"


def _doubling(module: Any) -> None:
    """Give every receipt a key of its own."""
    module.digest_of = lambda _event, _offered_at: os.urandom(16)


_PLANTS: dict[str, dict[str, Callable[[Any], None]]] = {
    "early": {"receipts.intake.views": _early},
    "forgetful": {"receipts.database.base": _forgetful},
    "doubling": {"receipts.processing.reading": _doubling},
}
_CHANGES: dict[str, Callable[[Any], None]] = {
    "channels_cfg.providers.cams.wire": _poisonous,
    **_PLANTS.get(os.environ.get("FAULTS_PLANTED", ""), {}),
}


class _Finder:
    """Changes a module right after it has been imported."""

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        change = _CHANGES.pop(name, None)
        if change is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def run_and_change(module: ModuleType) -> None:
            run(module)
            change(module)

        spec.loader.exec_module = run_and_change  # type: ignore[method-assign]  # that is how
        return spec


sys.meta_path.insert(0, _Finder())
