"""Whether we live, can serve, and can keep what is pushed."""

from functools import cache

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from receipts.database import recheck, within
from receipts.spool import health as spool_health

# On any of these off, an acknowledged callback may be gone after a power cut.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_PATIENCE_S = 1.0  # with a database that hangs
# A worker that answers pings may take nothing: what counts is how long callbacks wait.
_LATE_S = 60.0
_OLDEST = """
SELECT extract(epoch FROM now() - received_at)::float FROM receipts_callback
WHERE state = 'pending' AND coalesce(next_attempt_at <= now(), true)
ORDER BY received_at, id LIMIT 1
"""


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while this process answers at all."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database is there and safe.

    Redis away, or a callback that nobody has read for a minute, is only degraded.
    """
    database, broker = _database(), redis_state()
    oldest_s = oldest_pending_s() if database == "ok" else None
    if database != "ok":
        status = "unavailable"
    else:
        is_late = oldest_s is not None and oldest_s > _LATE_S
        status = "ready" if broker == "ok" and not is_late else "degraded"
    told = {"status": status, "database": database, "redis": broker}
    return JsonResponse(
        {**told, "oldest_pending_s": oldest_s},
        status=503 if status == "unavailable" else 200,
    )


@never_cache
@require_safe
def ingest(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while callbacks can be kept, and say by which way.

    A spool that cannot be written is red at once, not on the day the database is away.
    """
    database, spool = _database(), spool_health.check()
    way = _way(database, spool)
    is_open = way is not None and not spool.startswith("unwritable")
    return JsonResponse(
        {
            "status": "open" if is_open else "closed",
            "by": way,
            "database": database,
            "spool": spool,
            "spooled": spool_health.waiting(),
        },
        status=200 if is_open else 503,
    )


def unsafe_settings() -> list[str]:
    """Return which settings of the database let it forget what it has committed.

    That is what it gives to others: our own sessions ask for more than its defaults.
    """
    asked = [list(_DURABLE)]
    sql = "select name, reset_val from pg_settings where name = any(%s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return sorted(name for name, value in cursor.fetchall() if value == "off")


def _way(database: str, spool: str) -> str | None:
    if database == "ok":
        return "database"
    return "spool" if spool == "ok" and database in {"away", "read-only"} else None


def _database() -> str:
    try:
        with within(_PATIENCE_S):
            recheck()
            unsafe, only_reads = unsafe_settings(), is_read_only()
    except Error:
        connection.close()
        return "away"
    if unsafe and not settings.ALLOW_UNSAFE_DATABASE:
        return f"unsafe: {', '.join(unsafe)} off"
    return "read-only" if only_reads else "ok"


def oldest_pending_s() -> float | None:
    """Return for how long the oldest callback that may be read now has been waiting."""
    try:
        with within(_PATIENCE_S), connection.cursor() as cursor:
            cursor.execute(_OLDEST)
            found = cursor.fetchone()
    except Error:
        connection.close()
        return None
    return round(float(found[0]), 1) if found else None


def is_read_only() -> bool:
    """Say whether the database takes no writes: a standby, or told so."""
    with connection.cursor() as cursor:
        cursor.execute("show transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")


def redis_state() -> str:
    """Return ``ok`` or ``away``, within a second."""
    try:
        _client().ping()
    except redis.RedisError:
        return "away"
    return "ok"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.3
    )
