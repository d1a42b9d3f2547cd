"""One portal per data directory."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from portal.runtime.problems import Impossible


@dataclass(slots=True)
class Lock:
    """An exclusive hold on a data directory; the kernel lets go of it when we die."""

    handle: int
    # The last holder did not come to its end: some of its children may still be going.
    was_left_behind: bool

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lock; raises ``Impossible`` while another portal holds it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        holder = os.pread(handle, 32, 0).decode(errors="replace").strip()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Impossible(
                f"A portal is already running on {path.parent} (process "
                f"{holder or 'unknown'}): stop it first or set another DATA_DIR."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        return cls(handle, bool(holder))

    def release(self) -> None:
        """Let go after a clean end; the file stays, so that nobody locks a removed one."""
        os.ftruncate(self.handle, 0)
        os.close(self.handle)
