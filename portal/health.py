"""Whether we live, can serve, and can keep what is pushed."""

from functools import cache

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from receipts.database import within
from receipts.spool import health as spool_health

# On any of these off, an acknowledged callback may be gone after a power cut.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_PATIENCE_S = 1.0  # with a database that hangs


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while this process answers at all."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database is there and safe; Redis away is only degraded."""
    database, broker = _database(), _redis()
    if database != "ok":
        status = "unavailable"
    else:
        status = "ready" if broker == "ok" else "degraded"
    return JsonResponse(
        {"status": status, "database": database, "redis": broker},
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
            unsafe, is_read_only = unsafe_settings(), _is_read_only()
    except Error:
        connection.close()
        return "away"
    if unsafe and not settings.ALLOW_UNSAFE_DATABASE:
        return f"unsafe: {', '.join(unsafe)} off"
    return "read-only" if is_read_only else "ok"


def _is_read_only() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("show transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")


def _redis() -> str:
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
