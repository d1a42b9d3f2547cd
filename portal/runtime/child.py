"""Starting a child process that does not outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from portal.runtime.account import Account

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not import or allocate much.
_prctl: Callable[[int, int], int] | None = (
    ctypes.CDLL(None).prctl if sys.platform.startswith("linux") else None
)


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
    output: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a process group of its own; it gets ``death_signal`` when we die.

    Call from the main thread only: Linux ties the signal to the thread that forked.
    """
    ours = os.getpid()

    def die_with_parent() -> None:
        # Runs after the change of user, which would clear the setting.
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != ours:
                os._exit(1)

    return subprocess.Popen(
        list(command),
        env=None if env is None else dict(env),
        cwd="/" if account else Path.cwd(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # Linux shares the processor among sessions: each of ours has its part, as each
        # process of PostgreSQL, which leads a session of its own.
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send ``number`` to the process and to everything it started."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def end_with_parent() -> None:
    """Ask the kernel to end this very process, gently, when its parent dies."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
