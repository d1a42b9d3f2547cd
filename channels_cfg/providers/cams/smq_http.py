"""One endpoint over HTTP, for one thread: real time-outs, no redirect, no second try.

It goes below ``requests.Session`` on purpose: a session would read ``.netrc``, follow
redirects and keep cookies.
"""

import os
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
)

from channels_cfg.pulling import QueueError, Step

from .endpoints import is_loopback
from .smq_errors import Refused, Unreachable

CONNECT_TIMEOUT_S = 5
ANSWER_TIMEOUT_S = 10
MAX_BYTES = 8 * 1024 * 1024  # sixteen messages of 64 KB, with room for escapes
_CHUNK = 64 * 1024

# Takes the target as it will be sent, gives the headers that prove it.
Signer = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    body: bytes
    request_id: str = ""


def no_proof(_target: str) -> Mapping[str, str]:
    """Sign nothing: to see whether anybody answers at all."""
    return {}


class Connection:
    """A kept-alive connection to one endpoint. Raises ``Refused`` if it is none."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint.rstrip("/")
        parts = _split(self.endpoint)
        self.netloc = parts.netloc
        outside = not is_loopback(parts.hostname or "")
        self._proxies = get_environ_proxies(self.endpoint) if outside else {}
        self._verify = _certificates()
        self._adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._adapter.close()

    def send(
        self,
        method: str,
        target: str,
        *,
        sign: Signer,
        body: bytes = b"",
        wait_s: int = 0,
    ) -> Answer:
        """Send once and read the whole answer, whatever its status.

        Raises ``Unreachable``, and ``Refused`` for an endpoint that cannot be.

        ``wait_s`` is how long the service was asked to wait; the answer may take
        ten seconds more. A failed send is never repeated here: a lost answer to a
        receive has already made its messages invisible.
        """
        limit_s = wait_s + ANSWER_TIMEOUT_S
        try:
            request = self._prepare(method, target, sign=sign, body=body)
            response = self._adapter.send(
                request,
                stream=True,
                timeout=(CONNECT_TIMEOUT_S, limit_s),
                verify=self._verify,
                proxies=self._proxies,
            )
            try:
                return Answer(
                    response.status_code,
                    _read(response, until=time.monotonic() + limit_s),
                    response.headers.get("x-mns-request-id", ""),
                )
            finally:
                response.close()
        except (requests.RequestException, HTTPError, OSError) as exc:
            raise _unreachable(exc, self.netloc, limit_s=limit_s) from exc

    def _prepare(
        self, method: str, target: str, *, sign: Signer, body: bytes
    ) -> requests.PreparedRequest:
        request = requests.Request(
            method, self.endpoint + target, data=body or None
        ).prepare()
        # Signed after preparing: the signature covers the target byte for byte.
        request.headers.update(sign(request.path_url))
        request.headers["User-Agent"] = "receipt-portal"
        request.headers["Accept-Encoding"] = "identity"
        return request


def _split(endpoint: str) -> SplitResult:
    try:
        parts = urlsplit(endpoint)
        # Reading ``port`` is what checks it.
        is_address = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        raise _no_address(endpoint) from None
    if not is_address or not parts.hostname:
        raise _no_address(endpoint)
    return parts


def _no_address(endpoint: str) -> Refused:
    return Refused(f"{endpoint!r} is no address", _CHECK, step=Step.DNS)


def _certificates() -> str | bool:
    """Return the bundle that ``requests`` users set for proxies that open TLS."""
    return (
        os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    )


def _read(response: requests.Response, *, until: float) -> bytes:
    """Read the body piece by piece, so that a trickle cannot outlast the time-out."""
    pieces = bytearray()
    while piece := response.raw.read1(_CHUNK):
        pieces += piece
        if len(pieces) > MAX_BYTES:
            raise Unreachable(f"an answer of over {MAX_BYTES} bytes", _CHECK)
        if time.monotonic() > until:
            raise Unreachable("the answer trickles in too slowly", _AGAIN)
    return bytes(pieces)


_CHECK = "check the endpoint, and the proxy if there is one"
_AGAIN = "nothing to do if it passes, the portal tries again by itself"
_DNS = "check the endpoint for a slip of the pen, then this machine's DNS"
_DOOR = "check that the firewall lets this machine out, and HTTPS_PROXY if it is set"
_TLS = (
    "check the endpoint and the clock; behind a proxy that opens TLS, "
    "set REQUESTS_CA_BUNDLE"
)


def _unreachable(exc: Exception, host: str, *, limit_s: int) -> QueueError:
    """Say what stood in the way, and how far the attempt came."""
    if isinstance(exc, requests.exceptions.SSLError):
        return Unreachable(f"no TLS with {host}{_told(exc)}", _TLS, step=Step.TLS)
    if isinstance(exc, requests.exceptions.ProxyError):
        return Unreachable(f"the proxy to {host} fails", _CHECK, step=Step.CONNECT)
    if isinstance(exc, requests.ConnectTimeout):
        told = f"no connection to {host} within {CONNECT_TIMEOUT_S} s"
        return Unreachable(told, _DOOR, step=Step.CONNECT)
    if isinstance(exc, requests.ReadTimeout):
        return Unreachable(f"no answer from {host} within {limit_s} s", _AGAIN)
    if isinstance(exc, ValueError):  # requests says so of addresses that are none
        return _no_address(host)
    return _no_connection(exc, host)


def _told(exc: Exception) -> str:
    """Return what TLS says of the certificate, such as that it has expired."""
    cause = exc.args[0] if exc.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    inner = reason.args[0] if reason is not None and reason.args else None
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f", {inner.verify_message}"
    return ""


def _no_connection(exc: Exception, host: str) -> Unreachable:
    cause = exc.args[0] if exc.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    if isinstance(reason, NameResolutionError):
        return Unreachable(f"the name {host} is not known", _DNS, step=Step.DNS)
    if isinstance(reason, NewConnectionError):
        return Unreachable(f"{host} takes no connection", _DOOR, step=Step.CONNECT)
    return Unreachable(f"{host} dropped the connection", _AGAIN)
