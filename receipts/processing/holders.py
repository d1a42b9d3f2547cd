"""Whose lease it is: tokens name the process that holds them, so that its death ends them.

A token is made of this machine, the process, when that process was started, and chance.
Only Linux shows enough of its processes; elsewhere a lease simply runs out.
"""

import hashlib
import os
import secrets
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

_PROC = Path("/proc")
_MACHINE, _PID, _STARTED, _CHANCE = 32, 32, 24, 40  # bits, from the left
_GONE = {"Z", "X"}  # states of a process that only its parent has not buried yet


def make_token() -> UUID:
    """Return a new token of this process."""
    here, pid = _machine(), os.getpid()
    started = _started(pid)
    if here is None or started is None:
        return uuid4()
    number = here
    for bits, value in ((_PID, pid), (_STARTED, started)):
        number = number << bits | value
    return UUID(int=number << _CHANCE | secrets.randbits(_CHANCE))


def is_dead(token: UUID) -> bool:
    """Say whether the process of a token has ended; False when nobody here can say."""
    number = token.int >> _CHANCE
    number, started = number >> _STARTED, number % (1 << _STARTED)
    machine, pid = number >> _PID, number % (1 << _PID)
    return machine == _machine() and _started(pid) != started


@cache
def _machine() -> int | None:
    """Return what tells this boot and this space of process ids from all others."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text()
        space = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return None
    digest = hashlib.blake2b(f"{boot}{space}".encode(), digest_size=_MACHINE // 8)
    return int.from_bytes(digest.digest())


def _started(pid: int) -> int | None:
    """Return when a process was started, in ticks; None if it does not live."""
    try:
        # The name, in parentheses, may hold blanks.
        after = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if after[0] in _GONE else int(after[19]) % (1 << _STARTED)
