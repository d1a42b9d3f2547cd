"""A trial of queue mode, and what it may use."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from django.db import DatabaseError, connection

from bench.faults.portal import Portal
from bench.faults.processes import wait_until
from bench.queue.bodies import Told
from bench.queue.shown import compare
from tests.smq.server import SmqServer

_READABLE_WITHIN_S = 120
_PENDING = "SELECT count(*) FROM receipts_callback WHERE state = 'pending'"
_READABLE = """
SELECT count(*) FROM receipts_receipt r
    JOIN channels_cfg_channel c ON c.id = r.channel_id WHERE c.key = ANY(%s)
"""


@dataclass(kw_only=True)
class Scene:
    """The portal, the stand-in, chance, and what was seen so far."""

    portal: Portal
    smq: SmqServer
    random: Random
    messages: int
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Say something of what was seen."""
        self.notes.append(text)

    def require(self, is_so: object, what: str) -> None:
        """Note ``what`` as a problem unless it is so."""
        if not is_so:
            self.problems.append(what)

    def fill(self, mark: str, told: Iterable[Told]) -> dict[str, str]:
        """Put messages into a queue for each type; return the names by type."""
        bodies: dict[str, list[bytes]] = {}
        for each in told:
            bodies.setdefault(each.receipt_type, []).append(each.body)
        names = {kind: f"Alicom-Queue-{mark}-{kind}" for kind in bodies}
        for kind, name in names.items():
            self.random.shuffle(bodies[kind])
            self.smq.service.put_many(name, bodies[kind])
        return names

    def left(self, names: Mapping[str, str]) -> int:
        """Return how many messages the queues still hold, hidden ones too."""
        return sum(len(self.smq.service.queue(name)) for name in names.values())

    def counted(self, names: Mapping[str, str], what: str) -> int:
        """Return what the queues counted, such as "received" or "deleted"."""
        queues = (self.smq.service.queue(name) for name in names.values())
        return sum(queue.count[what] for queue in queues)

    def until(
        self, what: str, is_so: Callable[[], object], *, within_s: float
    ) -> float:
        """Wait for something that must come; return when that was."""
        took = wait_until(is_so, within_s=within_s)
        self.require(took is not None, f"{what}: not within {within_s:.0f} s")
        return time.monotonic()

    def until_readable(self, keys: Iterable[str], wanted: int) -> float:
        """Wait until channels have so many receipts; return when that was."""
        keys = list(keys)
        at = self.until(
            f"{wanted:,} receipts are readable",
            lambda: count(_READABLE, keys) >= wanted,
            within_s=_READABLE_WITHIN_S,
        )
        connection.close()
        return at

    def until_all_is_read(self) -> None:
        """Wait until no callback waits to be read, repeats included."""
        self.until(
            "all is read", lambda: not count(_PENDING), within_s=_READABLE_WITHIN_S
        )
        connection.close()

    def compare(
        self, key: str, told: Iterable[Told], *, are_both: bool = False
    ) -> None:
        """Compare what the API shows of a channel with what was told."""
        found = compare(self.portal.url, key, (each.about for each in told))
        self.note(f"{key}: {found}")
        self.require(found.is_good, f"{key}: {found}")
        if are_both:
            self.note(f"{key}: seen by both roads {found.by_both:,}")
            self.require(found.by_both == found.told, f"{key}: not all by both roads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One thing that must be seen."""

    name: str
    does: str
    run: Callable[[Scene], None]


def count(sql: str, *values: list[str]) -> int:
    """Return what a query counts; -1 while the database is away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.fetchone()[0])
    except DatabaseError:
        connection.close()
        return -1
