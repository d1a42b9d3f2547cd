"""Safe POSTs to addresses that operators typed: where they go, how long, how much.

The name is resolved once, every address it has is judged, and the connection goes to
one of those very addresses; a name that changes its mind in between changes nothing.
No redirect is followed and no proxy of the environment is used.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from receipts.alerts.addresses import may_reach

T = TypeVar("T")
MOST_BYTES = 64 * 1024  # of an answer; nobody reads more


class Refused(Exception):
    """It must not be sent there, now or later; says why."""


class Failed(Exception):
    """It did not get through this time; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, and the beginning of the body."""

    status: int
    body: bytes
    retry_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """``seconds`` for everything together; ``allowed`` private networks."""

    seconds: float
    allowed: Sequence[str] = ()


def post(url: str, body: bytes, headers: Mapping[str, str], manner: Manner) -> Answer:
    """POST ``body`` and return the answer. Raises ``Refused`` or ``Failed``."""
    until = time.monotonic() + manner.seconds
    parts = parse(url)
    address = _resolve(parts, manner, until)
    connection = _Pinned(parts, address, max(0.1, until - time.monotonic()))
    cut = threading.Timer(max(0.1, until - time.monotonic()), connection.cut)
    cut.daemon = True
    cut.start()
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request("POST", target, body, {"Connection": "close", **headers})
        with connection.getresponse() as response:
            return Answer(
                status=response.status,
                body=response.read(MOST_BYTES),
                retry_after=response.getheader("Retry-After") or "",
            )
    except (OSError, http.client.HTTPException) as exc:
        late = connection.was_cut or isinstance(exc, TimeoutError)
        said = f"no answer within {manner.seconds:g} s" if late else _words(exc)
        raise Failed(said) from None
    finally:
        cut.cancel()
        connection.close()


def parse(url: str) -> SplitResult:
    """Cut ``url`` into its parts. Raises ``Refused`` where no request may begin so."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("the address cannot be read") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise Refused("the address must begin with https:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise Refused("the address must not hold a login")
    if not url.isascii() or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        raise Refused("the address holds characters that no address has")
    return parts


def in_time(work: Callable[[], T], seconds: float) -> T:
    """Do ``work`` in a thread of its own and wait no longer. Raises ``Failed``.

    What is late goes on by itself and its outcome is dropped: some calls, a look-up of
    a name for one, cannot be interrupted.
    """
    doing: Future[T] = Future()

    def do() -> None:
        try:
            doing.set_result(work())
        except BaseException as exc:  # told to who waits
            doing.set_exception(exc)

    threading.Thread(target=do, name="outgoing", daemon=True).start()
    try:
        return doing.result(max(0.0, seconds))
    except TooLate:
        if doing.done():
            raise  # the work's own
        raise Failed("it took too long") from None


def _resolve(parts: SplitResult, manner: Manner, until: float) -> str:
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        found = in_time(
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM),
            until - time.monotonic(),
        )
    except (OSError, UnicodeError):
        raise Failed(f"the name {host} has no address") from None
    addresses = [str(each[4][0]) for each in found]
    # One private address among public ones is how a name is made to change its mind.
    for each in addresses:
        if not may_reach(each, manner.allowed):
            where = host if host == each else f"{host} is at {each}, which"
            raise Refused(f"{where} is no public address")
    if parts.scheme == "http" and any(may_reach(each) for each in addresses):
        raise Refused("plain http goes to allowed private addresses only; use https")
    return addresses[0]


_PORTS = {"https": 443, "http": 80}


class _Pinned(http.client.HTTPConnection):
    """A connection to one address; the name serves for TLS and the Host header."""

    def __init__(self, parts: SplitResult, address: str, seconds: float) -> None:
        port = parts.port or _PORTS[parts.scheme]
        super().__init__(parts.hostname or "", port, timeout=seconds)
        self.default_port = _PORTS[parts.scheme]
        self._address = address
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._plain: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self._plain = self.sock = plain
        if self._tls is not None:
            secured = self._tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._plain = self.sock = secured  # before a handshake that may hang
            secured.do_handshake()

    def cut(self) -> None:
        """End it, wherever it stands: each of many slow bytes is in time by itself."""
        self.was_cut = True
        if self._plain is not None:
            with suppress(OSError):
                # Not TLS's own shutdown: it belongs to the thread that reads.
                socket.socket.shutdown(self._plain, socket.SHUT_RDWR)


def _words(exc: Exception) -> str:
    return (str(exc).strip() or type(exc).__name__)[:300]


def allowed() -> Sequence[str]:
    """Return the private networks that webhooks may go to."""
    networks: Sequence[str] = settings.ALERTS_ALLOW_PRIVATE
    return networks
