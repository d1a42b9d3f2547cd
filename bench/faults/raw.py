"""HTTP as no library would send it."""

import socket
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; ``status`` 0: the connection ended without an answer."""

    status: int
    took_s: float
    is_closed: bool = False


def head(url: str, *lines: str, method: str = "POST") -> bytes:
    """Return the head of a request with these header lines."""
    parts = urlsplit(url)
    first = f"{method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}"
    return "\r\n".join((*first, *lines, "", "")).encode()


def connect(url: str, timeout: float = 20) -> socket.socket:
    """Open a connection to the host of a URL."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout)


def send(
    url: str, data: bytes, *, half_close: bool = False, timeout: float = 20
) -> Answer:
    """Send bytes as they are, and read what is answered."""
    began = time.monotonic()
    with closing(connect(url, timeout)) as connection:
        with suppress(OSError):  # answered and closed before all was sent
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        return read(connection, began)


def read(connection: socket.socket, began: float) -> Answer:
    """Read the first line of an answer, and whether the connection ends after it."""
    got = b""
    with suppress(OSError):
        while b"\r\n\r\n" not in got and (piece := connection.recv(65_536)):
            got += piece
    words = got.split(b" ", 2)
    is_answer = got.startswith(b"HTTP/1.") and len(words) > 1
    return Answer(
        status=int(words[1]) if is_answer else 0,
        took_s=time.monotonic() - began,
        is_closed=b"connection: close" in got.lower(),
    )


def chunked(body: bytes) -> bytes:
    """Return a body in two chunks and the end."""
    middle = len(body) // 2
    pieces = [body[:middle], body[middle:]]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces if p) + b"0\r\n\r\n"
