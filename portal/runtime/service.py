"""What the supervisor needs to know of a process that it keeps running."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.runtime.account import Account


def _nothing() -> None:
    return


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One process to keep running. Low tiers start first and stop last."""

    name: str
    command: Sequence[str]
    tier: int
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    before_start: Callable[[], None] = _nothing
    is_ready: Callable[[], bool] = _always
    ready_within_s: float = 60
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 10
    kill_signal: signal.Signals = signal.SIGKILL
    # Sent by the kernel when the supervisor itself is killed.
    death_signal: signal.Signals = signal.SIGKILL
    slowest_restart_s: float = 30
    takes_hup: bool = False
    runs_once: bool = False
    # Lines that hold one of these are no news and are not passed on.
    hushed: Sequence[bytes] = ()
