"""Clocks: ours against those of the database and of Redis."""

import time
from collections.abc import Callable, Iterator

import redis
from django.db import connection

from portal.doctor import valkey
from portal.doctor.finding import Finding, look, ok, trouble

_APART_S, _FAR_APART_S = 2.0, 60.0


def examine() -> Iterator[Finding]:
    """Compare; windows, tokens and the loss clock count on them."""
    yield _compared("the database", _database)
    try:
        yield _compared("Redis", _redis)
    except redis.RedisError:
        return  # told by its own examination


def _compared(whose: str, ask: Callable[[], float]) -> Finding:
    before = time.time()
    theirs = ask()
    after = time.time()
    # It was read somewhere in between: what may be the way there is no difference.
    ahead_s = max(0.0, before - theirs) or min(0.0, after - theirs)
    if abs(ahead_s) < _APART_S:
        return ok(f"agrees with that of {whose}")
    word = "ahead of" if ahead_s > 0 else "behind"
    says = f"is {abs(ahead_s):.0f} s {word} that of {whose}"
    finding = trouble if abs(ahead_s) >= _FAR_APART_S else look
    return finding(says, "Keep the clocks of all hosts by NTP.")


def _database() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        return float(cursor.fetchone()[0])


def _redis() -> float:
    with valkey.client() as client:
        seconds, micros = client.time()
    return float(seconds) + float(micros) / 1e6
