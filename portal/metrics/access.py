"""Who may read ``/metrics``: a bearer of the token, or a program on this very host.

An address counts only if nobody relayed the request: behind a proxy that we were not
told of, every stranger seems to be this host.
"""

import hmac
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from portal.proxies import RELAYED

_SCHEME = "bearer"


def may_read(request: HttpRequest) -> bool:
    """Say whether this caller may."""
    return _has_token(request) or _is_allowed(request)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or scheme.lower() != _SCHEME:
        return False
    return hmac.compare_digest(told.strip().encode(), wanted.encode())


def _is_allowed(request: HttpRequest) -> bool:
    if request.META.get(RELAYED):
        return False
    try:
        address = ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    return any(address in each for each in _networks(*settings.METRICS_ALLOW_FROM))


@lru_cache(maxsize=4)
def _networks(*words: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(word, strict=False) for word in words)
