"""The stand-in over HTTP, for fixtures and as ``python -m tests.smq.server``.

Beside the two services it takes, without proof: ``POST /_put/QUEUE`` with one body a
line, and ``GET /_counts``.
"""

import argparse
import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.smq import replies
from tests.smq.faults import Harm, Plan
from tests.smq.proof import Request
from tests.smq.replies import Reply
from tests.smq.service import Service

ACCESS_KEY_ID = "LTAI5tTestOnly"
ACCESS_KEY_SECRET = "only-for-tests"
QUEUE = "Alicom-Queue-1092397003988387-ChatAppStatus"


class SmqServer(ThreadingHTTPServer):
    """A loopback server; ``with`` starts and stops it. ``url`` serves both services."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = Service(
            access_key_id=ACCESS_KEY_ID, access_key_secret=ACCESS_KEY_SECRET
        )
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.stopping = threading.Event()
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.service.close()
        self.shutdown()
        self._thread.join()
        self.hang_up()
        self.server_close()

    def hang_up(self) -> None:
        """Cut every connection that is open."""
        with self._lock:
            for connection in self._open:
                _cut(connection)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        with self._lock:
            self.connections += 1
            self._open.add(connection)
        return connection, address

    def shutdown_request(
        self, request: socket.socket | tuple[bytes, socket.socket]
    ) -> None:
        if isinstance(request, socket.socket):
            with self._lock:
                self._open.discard(request)
        super().shutdown_request(request)


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have been faster
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: SmqServer

    def log_message(self, format: str, *_: object) -> None:
        """Say nothing: tests print their own."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        if request.target.startswith("/_"):
            self._send(self._control(request))
            return
        service = self.server.service
        plan = service.faults.due(service.operation(request))
        if plan is None:
            self._send(service.answer(request))
        else:
            self._harm(plan, lambda: service.answer(request))

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _control(self, request: Request) -> Reply:
        service = self.server.service
        if request.target.startswith("/_put/"):
            service.put_many(request.target[len("/_put/") :], request.body.splitlines())
        told = json.dumps(dict(service.count)).encode()
        return Reply(200, told, "application/json")

    def _harm(self, plan: Plan, act: Callable[[], Reply]) -> None:
        early = {
            Harm.ERROR: replies.error(500, "InternalError"),
            Harm.THROTTLE: replies.error(503, "QpsLimitExceeded"),
        }
        if plan.harm in early:
            self._send(early[plan.harm])
            return
        if plan.harm in (Harm.DROP_BEFORE, Harm.HANG):
            if plan.harm is Harm.HANG:
                self.server.stopping.wait(plan.seconds)
            self.close_connection = True
            return
        self._harm_after(plan, act())

    def _harm_after(self, plan: Plan, reply: Reply) -> None:
        if plan.harm is Harm.SLOW:
            self.server.stopping.wait(plan.seconds)
            self._send(reply)
        elif plan.harm in (Harm.GARBAGE, Harm.BOMB):
            body = replies.BOMB if plan.harm is Harm.BOMB else replies.GARBAGE
            self._send(Reply(200, body))
        else:
            self.close_connection = True
            whole = self._bytes(reply)
            if plan.harm is Harm.HALF:
                self.wfile.write(whole[: len(whole) // 2])
            elif plan.harm is Harm.TRICKLE:
                self._trickle(whole, pause_s=plan.seconds)

    def _trickle(self, whole: bytes, *, pause_s: float) -> None:
        head = whole.index(b"\r\n\r\n") + 4
        self.wfile.write(whole[:head])
        for place in range(head, len(whole)):
            if self.server.stopping.wait(pause_s):
                return
            self.wfile.write(whole[place : place + 1])

    def _send(self, reply: Reply) -> None:
        self.wfile.write(self._bytes(reply))

    def _bytes(self, reply: Reply) -> bytes:
        head = f"HTTP/1.1 {reply.status} _\r\nx-mns-request-id: 5F1A2B3C4D5E6F70\r\n"
        if reply.status != 204:
            head += f"Content-Type: {reply.content_type}\r\n"
            head += f"Content-Length: {len(reply.body)}\r\n"
        return head.encode() + b"\r\n" + reply.body


def main() -> None:
    """Run it until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--queue", action="append", default=[], help="make this queue")
    parser.add_argument("--visibility", type=float, default=30, metavar="SECONDS")
    chosen = parser.parse_args()
    with SmqServer(chosen.port) as server:
        server.service.rules.visibility_s = chosen.visibility
        for name in chosen.queue:
            server.service.queue(name)
        sys.stdout.write(f"{server.url} key {ACCESS_KEY_ID} {ACCESS_KEY_SECRET}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("stopped\n")


if __name__ == "__main__":
    main()
