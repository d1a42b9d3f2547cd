"""The load is what it says: number, rate, and every answer counted."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.figures import Spread
from bench.load import Target, Wish, body, push


class Door(BaseHTTPRequestHandler):
    """Takes a body, answers 200; the first of a server 503."""

    protocol_version = "HTTP/1.1"
    bodies: list[bytes] = []

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200 if len(self.bodies) > 1 else 503)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[Target]:
    Door.bodies = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Target(port=server.server_port, path="/push")
    server.shutdown()
    server.server_close()


def test_pushes_are_counted_by_status_and_each_has_its_own_messages(
    door: Target,
) -> None:
    pushed = push(door, Wish(items=3, pushes=10, connections=2))

    assert pushed.statuses == {503: 1, 200: 9}
    assert len(pushed.acks) == 10
    ids = [item["MessageId"] for each in Door.bodies for item in json.loads(each)]
    assert len(set(ids)) == 30


def test_rate_is_kept(door: Target) -> None:
    pushed = push(door, Wish(items=1, seconds=0.5, rate=40, connections=4))

    assert 15 <= len(pushed.acks) <= 21


def test_body_is_what_a_provider_would_push() -> None:
    first = json.loads(body(7, 2, "Failed"))[0]

    assert first["ErrorCode"] == "131026"
    assert first["MessageId"].endswith("7")


def test_spread_names_values_that_were_measured() -> None:
    spread = Spread.of([5.0, 1.0, 3.0])

    assert (spread.median, spread.least, spread.most, spread.p95) == (3, 1, 5, 5)
