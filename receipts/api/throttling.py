"""How much a token may ask for: counted by the minute, in Redis, else in this process."""

import threading
import time
from typing import NamedTuple

import redis
import structlog
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from receipts.api.auth import Caller

log = structlog.get_logger(__name__)

MINUTE_S = 60
_WAIT_S = 0.2  # for Redis
_SILENT_FOR_S = 5.0  # after a failure


class Used(NamedTuple):
    """How much of a limit was used in this minute."""

    limit: int
    used: int
    resets_in_s: int

    @property
    def is_over(self) -> bool:
        """Tell whether this request was one too many."""
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """Return the headers that tell a caller where it stands.

        The structured pair is the standard to be, the three are what clients read.
        """
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={MINUTE_S}',
            "RateLimit": f'"default";r={left};t={self.resets_in_s}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self.resets_in_s),
        }


class Counter:
    """Counts by key and minute; while Redis is away each process counts by itself."""

    def __init__(self) -> None:
        self._redis: redis.Redis | None = None
        self._silent_until = 0.0
        self._own: dict[str, int] = {}
        self._own_minute = 0
        self._lock = threading.Lock()

    def count(self, key: str, limit: int) -> Used:
        """Count one use of ``key`` and return where it stands."""
        now = time.time()
        minute = int(now // MINUTE_S)
        used = self._in_redis(f"receipts:rate:{key}:{minute}")
        if used is None:
            used = self._in_process(key, minute)
        return Used(limit, used, MINUTE_S - int(now % MINUTE_S))

    def _in_redis(self, key: str) -> int | None:
        if time.monotonic() < self._silent_until:
            return None
        try:
            with self._client().pipeline() as pipe:
                pipe.incr(key)
                pipe.expire(key, 2 * MINUTE_S)
                return int(pipe.execute()[0])
        except redis.RedisError as exc:
            self._silent_until = time.monotonic() + _SILENT_FOR_S
            log.warning("throttle_without_redis", reason=str(exc)[:200])
            return None

    def _client(self) -> redis.Redis:
        if self._redis is None:
            self._redis = redis.Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=_WAIT_S,
                socket_connect_timeout=_WAIT_S,
            )
        return self._redis

    def _in_process(self, key: str, minute: int) -> int:
        with self._lock:
            if minute != self._own_minute:
                self._own, self._own_minute = {}, minute
            self._own[key] = self._own.get(key, 0) + 1
            return self._own[key]


counter = Counter()


class PerToken(BaseThrottle):
    """Lets a token ask so many times a minute; the view's headers say how often."""

    used: Used | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this request and tell whether it is still within the limit."""
        caller = request.auth
        if not isinstance(caller, Caller):
            return True
        limit = settings.API_REQUESTS_PER_MINUTE
        self.used = counter.count(f"token:{caller.token.pk}", limit)
        view.used = self.used  # type: ignore[attr-defined]  # shown by ApiView
        return not self.used.is_over

    def wait(self) -> float | None:
        """Return the seconds until the next minute."""
        return self.used.resets_in_s if self.used else None
