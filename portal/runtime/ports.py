"""The one thing two portals can fight over: a TCP port."""

import errno
import socket
import time
from contextlib import closing

from portal.runtime.problems import Impossible


def require_free(bind: str, port: int, *, wait_s: float = 0) -> None:
    """Raise ``Impossible`` unless ``port`` can be listened on within ``wait_s``."""
    until = time.monotonic() + wait_s
    while (error := _try_listen(bind, port)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
            raise Impossible(_say(error, bind, port))
        time.sleep(0.1)


def _try_listen(bind: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with closing(socket.socket(family)) as listener:
        # As servers do: a connection that is still closing is no reason to wait.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((bind, port))
            listener.listen(1)
        except OSError as error:
            return error
    return None


def _say(error: OSError, bind: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {bind} is taken by another program: stop it or set PORT "
            "to a free one."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} may not be opened by this user: set PORT to 1024 or more."
    return f"{bind} is no address of this machine: set BIND to one that is."
