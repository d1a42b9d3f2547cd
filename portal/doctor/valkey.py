"""Redis or Valkey: it holds wake-ups only, so without it the portal is just slower."""

import time
from collections.abc import Iterator

import redis
from django.conf import settings

from portal.doctor.finding import Finding, look, ok

_PATIENCE_S = 2.0
_SLOW_S = 0.1


def examine() -> Iterator[Finding]:
    """Look at the server of ``REDIS_URL``."""
    with client() as server:
        began = time.monotonic()
        try:
            server.ping()
        except redis.RedisError as exc:
            yield look(
                f"does not answer: {exc}",
                "Start it, or correct REDIS_URL. Until then the sweep reads callbacks, "
                "2 s late; exports and retention wait.",
            )
            return
        yield _speed(time.monotonic() - began)
        yield from _policy(server)


def client() -> redis.Redis:
    """Return a client that waits for no answer longer than a look may take."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_PATIENCE_S,
        socket_connect_timeout=_PATIENCE_S,
    )


def _speed(took_s: float) -> Finding:
    says = f"answers in {took_s * 1000:.1f} ms"
    if took_s > _SLOW_S:
        return look(says, "Look at its load, and at the network between.")
    return ok(says)


def _policy(server: redis.Redis) -> Iterator[Finding]:
    try:
        policy = str(server.info("memory").get("maxmemory_policy", "noeviction"))
    except redis.RedisError:
        return  # a login that may not ask
    if policy != "noeviction":
        yield look(
            f"throws keys away when it is full ({policy}): wake-ups may be among them",
            "Set maxmemory-policy to noeviction, or give the portal a server of its own.",
        )
