"""What the server's process behind our database connection works; needs Django."""

from pathlib import Path

from django.db import connection


def cpu_seconds() -> float:
    """Return its processor time so far; 0 where that cannot be known.

    No waiting for a busy machine is in it, nor for a disk.
    """
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    try:
        nanos = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
    except OSError:
        return 0.0
    return int(nanos) / 1e9
