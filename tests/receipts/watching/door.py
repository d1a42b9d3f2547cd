"""A door that answers as it is told, and a clock that goes as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from receipts.watching.record import Record
from receipts.watching.watch import Watch

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Tells the time that it was set to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def at(self, seconds: float) -> None:
        """Set it to so many seconds after noon."""
        self.now = NOON + timedelta(seconds=seconds)


@dataclass
class Door:
    """The status that it answers with."""

    status: int = 200


@contextmanager
def served(door: Door) -> Iterator[str]:
    """Serve ``door`` and give its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(door.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Scene:
    """A watch of a door, its record and its clock."""

    door: Door
    clock: Clock
    record: Record
    watch: Watch

    def look(self, *seconds: float, status: int = 200) -> None:
        """Look at each of these seconds while the door answers with ``status``."""
        self.door.status = status
        for second in seconds:
            self.clock.at(second)
            self.watch.look()

    @property
    def spans(self) -> list[tuple[float, float, str]]:
        """Return start and end in seconds after noon, and why there was nothing."""
        return [
            (
                (each.started_at - NOON).total_seconds(),
                (each.ended_at - NOON).total_seconds(),
                each.why_before,
            )
            for each in self.record.spans
        ]


@contextmanager
def scene(folder: Path, *, edge_log: Path | None = None) -> Iterator[Scene]:
    """Give a watch over a door that answers."""
    door, clock = Door(), Clock()
    with served(door) as url:
        record = Record(folder / "intake" / "record")
        watch = Watch(url, record, edge_log=edge_log, now=clock)
        yield Scene(door=door, clock=clock, record=record, watch=watch)
