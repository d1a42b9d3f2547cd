"""A way to the test database that can be shut or blocked, as if it stopped or froze."""

import contextlib
import os
import socket
import threading
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

from django.db import connection

_NAME = ".s.PGSQL.5432"


class Gate:
    """Passes connections on while it is open; ``with`` opens it and shuts it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        own = urlsplit(os.environ["DATABASE_URL"])
        who = own.netloc.rpartition("@")[0]
        name = connection.settings_dict["NAME"]
        self.url = f"postgresql://{who}@/{name}?host={quote(str(folder))}"
        connection.ensure_connection()
        self._host, self._port = connection.connection.info.host, own.port or 5432
        self._open: list[socket.socket] = []
        self._flows = threading.Event()
        self._flows.set()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()

    def open(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def shut(self) -> None:
        """Take no connection any more, and cut those that there are."""
        self._flows.set()
        self._path.unlink(missing_ok=True)
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def block(self) -> None:
        """Pass nothing on any more, and tell nobody."""
        self._flows.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                ends = self._listener.accept()[0], self._connect()
                self._open += ends
                for one, other in (ends, ends[::-1]):
                    pump = threading.Thread(
                        target=self._pump, args=(one, other), daemon=True
                    )
                    pump.start()

    def _connect(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return made

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65536):
                self._flows.wait()
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)
