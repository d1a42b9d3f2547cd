"""Pushes over kept-alive connections, as many or as fast as asked; acks are timed.

One thread and plain sockets: the caller must cost the machine far less than the called.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator
from itertools import count

import msgspec

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Content-Length: {length}\r\n\r\n"
)
_WAIT_S = 30


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where to push."""

    port: int
    path: str


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """How to push: until a time or a number is reached; ``rate`` a second, or at once."""

    items: int
    connections: int = 16
    seconds: float | None = None
    pushes: int | None = None
    rate: float | None = None
    start: int = 0  # of the message ids
    status: str = "Sent"
    # Each message as in life: sent, delivered, half of them read.
    is_told_on: bool = False


class Pushed(msgspec.Struct, kw_only=True):
    """What came of it; acks in milliseconds, from when a push was due."""

    seconds: float
    acks: list[float]
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        """Pushes a second."""
        return len(self.acks) / self.seconds


class _Line:
    """One connection, and the push that waits for its answer there."""

    def __init__(self, target: Target) -> None:
        self.socket = socket.create_connection(("127.0.0.1", target.port), _WAIT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.heard = b""

    def answer(self) -> int | None:
        """Return the status of the answer once it is whole."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.heard += part
        head, gap, body = self.heard.partition(b"\r\n\r\n")
        if not gap or not _is_whole(head.lower(), body):
            return None
        self.heard = b""
        return int(head[9:12])


def push(target: Target, wish: Wish) -> Pushed:
    """Push until the wish is fulfilled and every answer has come."""
    lines = [_Line(target) for _ in range(wish.connections)]
    chooser = selectors.DefaultSelector()
    for line in lines:
        chooser.register(line.socket, selectors.EVENT_READ, line)
    bodies = _bodies(wish)
    done = Pushed(seconds=0, acks=[], statuses={})
    idle, busy, sent = deque(lines), 0, 0
    began = time.perf_counter()
    ends = began + wish.seconds if wish.seconds else float("inf")
    most = wish.pushes or float("inf")
    while True:
        now = time.perf_counter()
        due = began + sent / wish.rate if wish.rate else now
        is_over = sent >= most or now >= ends
        if is_over and not busy:
            break
        if not is_over and idle and due <= now:
            line = idle.popleft()
            line.due = due
            line.socket.sendall(_request(target, next(bodies)))
            sent, busy = sent + 1, busy + 1
            continue
        wait = max(0.0, due - now) if not is_over and idle else 1.0
        for key, _ in chooser.select(wait):
            status = key.data.answer()
            if status is not None:
                done.acks.append((time.perf_counter() - key.data.due) * 1000)
                done.statuses[status] = done.statuses.get(status, 0) + 1
                idle.append(key.data)
                busy -= 1
    done.seconds = time.perf_counter() - began
    for line in lines:
        line.socket.close()
    return done


def body(first: int, items: int, status: str = "Sent") -> bytes:
    """Return the body of a push: status items of messages numbered from ``first``."""
    told = ",".join(item(number, status) for number in range(first, first + items))
    return f"[{told}]".encode()


def item(number: int, status: str = "Sent") -> str:
    """Return a status item of message ``number``; some 20,000 people are written to."""
    error = ',"ErrorCode":"131026"' if status == "Failed" else ""
    return (
        f'{{"MessageId":"61{number:018}","From":"6569999999",'
        f'"To":"659{number * 7 % 20_011:07}","Status":"{status}",'
        f'"Timestamp":1795000000000,"ConversationId":"c{number // 50}",'
        '"ConversationType":"marketing","Type":"TEMPLATE","MsgFrameType":"template",'
        f'"TaskId":"live-{number // 1000}","TemplateCode":"820561547132813001",'
        f'"TemplateName":"campaign_1","Language":"en"{error}}}'
    )


def blocks() -> Iterator[tuple[int, str]]:
    """Yield the blocks of messages that pushes tell of, and what they tell, for ever.

    Each block is sent, then delivered, and every second one is read.
    """
    for block in count():
        for status in ("Sent", "Delivered", "Read")[: 2 + block % 2]:
            yield block, status


def _bodies(wish: Wish) -> Iterator[bytes]:
    alike = ((block, wish.status) for block in count())
    for block, status in blocks() if wish.is_told_on else alike:
        yield body(wish.start + block * wish.items, wish.items, status)


def _request(target: Target, content: bytes) -> bytes:
    head = _HEAD.format(path=target.path, length=len(content))
    return head.encode() + content


def _is_whole(head: bytes, body: bytes) -> bool:
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
    return body.endswith(b"0\r\n\r\n")  # in chunks


def main(arguments: list[str]) -> int:
    """Push as two JSON arguments say; print what came of it as JSON."""
    target = msgspec.json.decode(arguments[0], type=Target)
    wish = msgspec.json.decode(arguments[1], type=Wish)
    print(msgspec.json.encode(push(target, wish)).decode())
    return 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
