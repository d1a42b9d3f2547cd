"""Who called: the address that counts, and the headers that are worth keeping.

Read from the environ: Django's own mapping of headers is made anew for each request, and
costs a push more than its proof does.
"""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FORWARDED = "HTTP_X_FORWARDED_FOR"

# Never one that holds a secret.
KEPT = ("content-type", "content-encoding", "user-agent", "x-request-id", "traceparent")


def headers_of(request: HttpRequest) -> Mapping[str, str]:
    """Return the headers by lower-case name."""
    return {
        name: value for key, value in request.META.items() if (name := _header(key))
    }


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what is kept of the headers, each cut at 512 characters."""
    return {name: headers[name][:512] for name in KEPT if name in headers}


def address_of(request: HttpRequest) -> str:
    """Return the caller's address; '' when there is none.

    ``X-Forwarded-For`` counts only as far as trusted proxies wrote it: from the right,
    up to the first address that is not one of them. A caller on a Unix socket is the
    edge, which is trusted.
    """
    address = _clean(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get(_FORWARDED, "")
    hops = [_clean(hop) for hop in forwarded.split(",") if hop.strip()]
    while hops and _is_trusted(address):
        address = hops.pop()
    return address


@lru_cache(maxsize=128)  # strangers choose what is asked for, at length
def _header(key: str) -> str:
    """Return the name of the header that an environ has under ``key``; '' if none."""
    if key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        return key.replace("_", "-").lower()
    is_header = key.startswith("HTTP_")
    return key.removeprefix("HTTP_").replace("_", "-").lower() if is_header else ""


@lru_cache(maxsize=128)  # strangers choose what is asked for, at length
def _clean(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


def _is_trusted(address: str) -> bool:
    if not address:
        return bool(settings.BEHIND_EDGE)
    ip = ipaddress.ip_address(address)
    return any(ip in network for network in _trusted(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=4)
def _trusted(words: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(word, strict=False) for word in words)
