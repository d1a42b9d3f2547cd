"""A gap in the intake with both providers pushing through it, in compressed time."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from django.db import connections

from portal.handlers import DoorHandler
from portal.simulator.access import make_channel
from portal.simulator.clock import RetryClock
from portal.simulator.ledger import Ledger, Outcome
from portal.simulator.ledger import now as wall
from portal.simulator.pushing import Pusher
from portal.simulator.running import planned
from portal.simulator.target import target
from portal.simulator.traffic import Delivery, Wish
from receipts.watching.record import Record, Span
from receipts.watching.watch import Watch

COMPRESS = 40  # of the provider's clock; ours goes as it goes
PROVIDERS = ("cams", "8x8")
RATE = 8  # messages a second, of our clock
_BEFORE_S, _AFTER_S = 1.0, 1.0
_LOOK_EVERY_S = 0.05
# A busy machine does not look every 50 ms: shorter than the shortest gap, that is all.
_GAP_AFTER = timedelta(seconds=0.9)


@dataclass
class Gate:
    """The door behind its edge, which answers 502 while the door is away."""

    is_away: bool = False
    handler: DoorHandler = field(default_factory=DoorHandler)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if self.is_away:
            start_response("502 Bad Gateway", [("Content-Length", "0")])
            return [b""]
        try:
            return list(self.handler(environ, start_response))
        finally:
            connections.close_all()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Told:
    """What the ledger of one provider says: when each push was first tried, its end."""

    first_at: dict[int, datetime] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    receipts: dict[int, int] = field(default_factory=dict)


class NotingLedger(Ledger):
    """A ledger that also remembers each push by its number."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Told()

    def note(self, delivery: Delivery, outcome: Outcome) -> None:
        super().note(delivery, outcome)
        self.told.first_at.setdefault(delivery.number, outcome.at)
        self.told.receipts[delivery.number] = len(delivery.expected)
        if outcome.is_last and not outcome.is_acknowledged:
            self.told.lost.add(delivery.number)


@dataclass(frozen=True)
class Rehearsal:
    """What came of it: signs of life as they were noted, and what each ledger says."""

    began: datetime
    length_s: float
    away_s: float  # of the providers' seconds, as long as a busy machine made it
    spans: Sequence[Span]
    told: dict[str, Told]


def rehearse(gap_s: float, folder: Path) -> Rehearsal:
    """Let the door be away for ``gap_s`` of the providers' seconds."""
    gate, record = Gate(), Record(folder / "record")
    length_s = _BEFORE_S + gap_s / COMPRESS + _AFTER_S
    ledgers = {provider: NotingLedger() for provider in PROVIDERS}
    with _served(gate) as url, _watched(url, record):
        pushers = [_pusher(name, url, ledgers[name], length_s) for name in PROVIDERS]
        began = wall()
        for each in pushers:
            each.start()
        time.sleep(_BEFORE_S)
        gate.is_away, left = True, time.monotonic()
        time.sleep(gap_s / COMPRESS)
        gate.is_away, away_s = False, (time.monotonic() - left) * COMPRESS
        for each in pushers:
            each.join()
    return Rehearsal(
        began=began,
        length_s=length_s,
        away_s=away_s,
        spans=record.spans,
        told={name: ledger.told for name, ledger in ledgers.items()},
    )


def _pusher(
    provider: str, url: str, ledger: Ledger, length_s: float
) -> threading.Thread:
    """Return a thread that pushes what is told of ``RATE`` messages a second, and again."""
    make_channel(provider, provider=provider, channel_type="")
    aim = target(provider, url)
    wish = Wish(messages=int(RATE * length_s), rate=RATE, seed="gap", start=wall(), duplicates=0)  # fmt: skip
    deliveries = [each for each in planned(aim, wish) if each.due < length_s]
    clock = RetryClock.of(aim.adapter.limits, compress=COMPRESS)
    pusher = Pusher(aim, clock, ledger, on_refusal=lambda _: None)

    def push() -> None:
        pusher.run(deliveries, connections=6, each_moment=lambda: None)

    return threading.Thread(target=push)


@contextmanager
def _served(gate: Gate) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), _Silent)
    server.set_app(gate)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _watched(url: str, record: Record) -> Iterator[None]:
    """Watch the door as the sweep does, in compressed time."""
    ended = threading.Event()
    watch = Watch(f"{url}/healthz/ingest", record, gap_after=_GAP_AFTER)

    def look() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            watch.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def stretched(moment: datetime, rehearsal: Rehearsal, start: datetime) -> datetime:
    """Return when ``moment`` was on the providers' clock, begun at ``start``."""
    return start + (moment - rehearsal.began) * COMPRESS


SLACK = timedelta(seconds=0.4) * COMPRESS  # of a busy machine, on that clock
