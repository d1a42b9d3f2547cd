"""A fault, the scene it has to play in, and what came of it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from random import Random

import psycopg
import redis
from django.conf import settings

from bench.faults.portal import Portal
from portal import places
from portal.runtime.layout import Layout

# Prepares a portal that is stopped, gives what it is started with, and tidies up.
Stage = Callable[[Portal], AbstractContextManager[Mapping[str, str]]]


class NotHere(Exception):
    """This machine lacks what a fault needs; the message says what."""


@dataclass(kw_only=True)
class Scene:
    """What a fault may use: the portal, chance, and a channel with pushes under way."""

    portal: Portal
    random: Random
    is_short: bool
    channel: str
    door: str  # where statuses of the channel are pushed
    seconds: float  # how long the pushes go on
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Looked at when the whole campaign is over; give a problem, or ''.
    later: list[Callable[[], str]] = field(default_factory=list)

    def wait(self, least_s: float, most_s: float | None = None) -> None:
        """Wait, by chance between two times."""
        time.sleep(self.random.uniform(least_s, most_s or least_s))

    def require(self, is_so: object, what: str) -> None:
        """Note ``what`` as a problem unless it is so."""
        if not is_so:
            self.problems.append(what)

    def note(self, text: str) -> None:
        """Say something in the table."""
        self.notes.append(text)

    def times(self, many: int, few: int) -> int:
        """Return ``few`` for a short campaign."""
        return few if self.is_short else many


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One experiment of the list; ``seconds`` of pushes, ``short`` in a short campaign."""

    name: str
    does: str
    run: Callable[[Scene], None]
    seconds: float = 15
    short: float = 8
    may_refuse: bool = False  # pushes may be cut or refused for a moment
    may_be_late: bool = False  # open at a web process that was killed or paused
    catch_up_s: float = 60
    late_ms: float = 3000
    lag_s: float | None = None  # the longest that a receipt may take to be readable
    stage: Stage | None = None  # the portal is started afresh for it
    in_short: bool = True

    def length(self, *, is_short: bool) -> float:
        """Return how long pushes go on."""
        return self.short if is_short else self.seconds


@dataclass(kw_only=True)
class Row:
    """A line of the table."""

    fault: Fault
    acked: int = 0
    pushes: int = 0
    refusals: Mapping[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    given_up: int = 0
    slowest_ms: float = 0
    p99_ms: float = 0
    slowest_lag_s: float = 0
    catch_up_s: float = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def is_good(self) -> bool:
        """Say whether it went as it must."""
        return not self.problems


def started_with(**environment: str) -> Stage:
    """Return a stage of environment variables alone."""

    @contextmanager
    def stage(_portal: Portal) -> Iterator[Mapping[str, str]]:
        yield environment

    return stage


def database() -> psycopg.Connection[tuple[object, ...]]:
    """Return a connection of our own to the portal's database, outside Django."""
    url = places.database_url(Layout(settings.DATA_DIR)) or ""
    return psycopg.connect(url, autocommit=True, connect_timeout=5)


def broker() -> redis.Redis:
    """Return a client of the portal's own broker."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5)
