"""A receiver of webhooks on the loopback, as kind or as nasty as a test wants it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What was received, and how to answer."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.status = 200
        self.answer_headers: dict[str, str] = {}
        self.pause_s = 0.0  # between two bytes of an answer
        self.answer = b"ok"
        self.url = ""

    @property
    def told(self) -> list[dict[str, Any]]:
        """What was received, read as JSON."""
        return [json.loads(body) for body in self.bodies]

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Type and kind of each alert that was received."""
        return [(each["type"], each["data"]["kind"]) for each in self.told]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve a ``Receiver``."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            receiver.bodies.append(self.rfile.read(length))
            receiver.headers.append({k.lower(): v for k, v in self.headers.items()})
            receiver.paths.append(self.path)
            try:
                self._answer()
            except OSError:
                return  # cut: the test looks for that on the other side

        def _answer(self) -> None:
            head = [f"HTTP/1.0 {receiver.status} x"]
            head += [f"{k}: {v}" for k, v in receiver.answer_headers.items()]
            whole = "\r\n".join(head).encode() + b"\r\n\r\n" + receiver.answer
            if not receiver.pause_s:
                self.wfile.write(whole)
                return
            for byte in whole:
                time.sleep(receiver.pause_s)
                self.wfile.write(bytes([byte]))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
