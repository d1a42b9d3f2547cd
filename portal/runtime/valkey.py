"""The command line and the address of an embedded Valkey."""

import socket
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from portal.runtime import binaries


def command(*, data: Path, socket_path: Path, is_durable: bool = True) -> Sequence[str]:
    """Return the command line: Unix socket only, nothing evicted, AOF if durable."""
    return [
        str(binaries.valkey_server()),
        *("--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"),
        *("--dir", str(data), "--save", "", "--databases", "64"),
        *("--appendonly", "yes" if is_durable else "no", "--appendfsync", "everysec"),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        *("--loglevel", "warning"),
    ]


def url(socket_path: Path, database: int = 0) -> str:
    """Return the address as redis-py and Django's cache spell it."""
    return f"unix://{quote(str(socket_path), safe='/')}?db={database}"


def is_ready(socket_path: Path) -> bool:
    """Say whether the server answers a ping."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
