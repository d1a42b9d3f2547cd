"""Whether we live, can serve, and can keep what is pushed."""

from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# On any of these off, an acknowledged callback may be gone after a power cut.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


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
    """Answer 200 while callbacks can be kept, and say by which way."""
    database = _database()
    way = "database" if database == "ok" else None
    return JsonResponse(
        {"status": "open" if way else "closed", "by": way, "database": database},
        status=200 if way else 503,
    )


def unsafe_settings() -> list[str]:
    """Return which settings of the database let it forget what it has committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, setting from pg_settings where name = any(%s)",
            [list(_DURABLE)],
        )
        return sorted(name for name, setting in cursor.fetchall() if setting == "off")


def _database() -> str:
    try:
        unsafe = unsafe_settings()
    except DatabaseError:
        return "away"
    if unsafe and not settings.ALLOW_UNSAFE_DATABASE:
        return f"unsafe: {', '.join(unsafe)} off"
    return "ok"


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
