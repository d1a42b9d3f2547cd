"""How a provider pushes: what it counts as acknowledged, and how it tries again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from channels_cfg.models import Channel
from channels_cfg.wire import ReceiptType
from portal.simulator.clock import RetryClock
from portal.simulator.ledger import Ledger
from portal.simulator.pushing import Pusher
from portal.simulator.target import Door, Target
from portal.simulator.traffic import Delivery

from .making import told

ACK = (200, b'{"code":0,"msg":"Success"}')


@dataclass
class Stub:
    """A door that gives the answers it is told, in turn, the last for ever."""

    answers: list[tuple[int, bytes]]
    delay_s: float = 0
    at: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[str | None] = field(default_factory=list)


@contextmanager
def served(stub: Stub) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            stub.at.append(time.monotonic())
            stub.headers.append(self.headers["X-Secret"])
            stub.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = stub.answers[min(len(stub.at), len(stub.answers)) - 1]
            time.sleep(stub.delay_s)
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def push(stub: Stub, *, provider: str = "cams", deliveries: int = 1) -> Ledger:
    ledger = Ledger()
    clock = RetryClock(ack_limit_s=0.4, retry_after_s=(0.2, 0.4))
    with served(stub) as url:
        door = Door(url=url, headers={"X-Secret": b"s3cret"})
        target = Target(
            channel=Channel(provider=provider),
            base_url=url,
            doors={ReceiptType.MT_STATUS: door},
        )
        pusher = Pusher(target, clock, ledger, on_refusal=lambda _: None)
        pusher.run(
            [delivery(n) for n in range(deliveries)],
            connections=2,
            each_moment=lambda: None,
        )
    return ledger


def delivery(number: int) -> Delivery:
    return Delivery(
        number=number,
        receipt_type=ReceiptType.MT_STATUS,
        body=b"[]",
        due=0,
        expected=(told(message_id=str(number)),),
    )


def test_acknowledged_push_is_sent_once_with_its_proof() -> None:
    stub = Stub([ACK])

    tally = push(stub, deliveries=5).tally()

    assert (tally.acknowledged, tally.retries) == (5, 0)
    assert (stub.bodies, set(stub.headers)) == ([b"[]"] * 5, {"s3cret"})


def test_push_that_is_refused_is_tried_again_after_the_waits_of_the_clock() -> None:
    stub = Stub([(503, b""), (503, b""), ACK])

    tally = push(stub).tally()

    assert (tally.acknowledged, tally.retries, tally.open) == (1, 2, 0)
    assert stub.at[1] - stub.at[0] >= 0.15  # it notes the time late on a busy machine
    assert stub.at[2] - stub.at[0] >= 0.3


@pytest.mark.parametrize(
    "answer",
    [
        (200, b""),
        (200, b"<html>Success</html>"),
        (200, b'{"msg":"Success"}'),
        (200, b'{"code":1}'),
        (202, ACK[1]),
        (307, ACK[1]),
        (401, ACK[1]),
    ],
)
def test_anything_but_200_with_the_acknowledgement_is_a_failure(
    answer: tuple[int, bytes],
) -> None:
    stub = Stub([answer])

    tally = push(stub).tally()

    assert (tally.acknowledged, tally.given_up, len(stub.at)) == (0, 1, 3)


def test_acknowledgement_that_comes_too_late_does_not_count() -> None:
    stub = Stub([ACK], delay_s=0.6)

    assert push(stub).tally().given_up == 1


def test_empty_object_acknowledges_for_8x8_and_not_for_cams() -> None:
    assert push(Stub([(200, b"{}")]), provider="8x8").tally().acknowledged == 1
    assert push(Stub([(200, b"{}")])).tally().given_up == 1


def test_portal_that_is_away_is_tried_again() -> None:
    ledger = Ledger()
    door = Door(url="http://127.0.0.1:9/", headers={})
    target = Target(
        channel=Channel(provider="cams"),
        base_url="",
        doors={ReceiptType.MT_STATUS: door},
    )
    said: list[str] = []
    clock = RetryClock(ack_limit_s=0.4, retry_after_s=(0.05,))

    pusher = Pusher(target, clock, ledger, on_refusal=said.append)
    pusher.run([delivery(1)], connections=1, each_moment=lambda: None)

    assert (ledger.tally().given_up, ledger.tally().retries) == (1, 1)
    assert said == ["ConnectionError"]


def test_stop_ends_the_pushing_and_leaves_the_rest_unsent() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    ledger = Ledger()
    target = Target(channel=Channel(provider="cams"), base_url="", doors={})
    pusher = Pusher(
        target, RetryClock(ack_limit_s=1, retry_after_s=()), ledger, on_refusal=print
    )
    late = Delivery(
        number=1, receipt_type=ReceiptType.MT_STATUS, body=b"", due=60, expected=()
    )

    with pytest.raises(KeyboardInterrupt):
        pusher.run([late], connections=2, each_moment=interrupt)

    assert ledger.tally().pushes == 0
