"""H1 to H8 and H12 to H14: requests that are odd, slow, large or false."""

import gzip
import json
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from uuid import uuid4

from bench.faults import raw
from bench.faults.processes import memory_kib, wait_until
from bench.faults.scene import Fault, Scene, database, started_with

_LIMIT = 10 * 1024 * 1024
_HELD = 200
_FALSE_HEADS = (
    ("Content-Length: 5", "Content-Length: 7"),
    ("Content-Length: -1",),
    ("Content-Length: abc",),
    ("Transfer-Encoding: chunked", "X-Bad: chunk"),
)


def item() -> tuple[str, bytes]:
    """Return a message id, and a body that tells one status of it."""
    about = f"odd-{uuid4().hex}"
    told = {"MessageId": about, "Status": "Read", "To": "8613800000001"}
    return about, json.dumps([told]).encode()


def rows(sql: str, *values: object) -> int:
    """Return the count that a query gives."""
    with database() as connection:
        found = connection.execute(sql.encode(), values).fetchone()
    return int(str(found[0])) if found else 0


def is_readable(about: str) -> bool:
    """Say whether a receipt of that message id becomes readable within 10 s."""
    sql = "SELECT count(*) FROM receipts_receipt WHERE message_id = %s"
    return wait_until(lambda: rows(sql, about) == 1, within_s=10) is not None


def expect(scene: Scene, what: str, answer: raw.Answer, *statuses: int) -> None:
    """Require one of the statuses, and note what came."""
    scene.note(f"{what}: {answer.status}")
    scene.require(answer.status in statuses, f"{what}: {answer.status}")


def chunked_body(scene: Scene) -> None:
    """H1: a chunked body comes through the edge whole."""
    about, body = item()
    head = raw.head(scene.door, "Transfer-Encoding: chunked")
    expect(scene, "chunked", raw.send(scene.door, head + raw.chunked(body)), 200)
    scene.require(is_readable(about), "its receipt is not readable")


def straight(scene: Scene) -> None:
    """H2 and H3 without an edge: no length is 411, a short body is never 200."""
    about, body = item()
    head = raw.head(scene.door, "Transfer-Encoding: chunked")
    expect(scene, "chunked", raw.send(scene.door, head + raw.chunked(body)), 411)
    _cut_short(scene)
    scene.require(not is_readable(about), "a refused push was kept")


def cut_short(scene: Scene) -> None:
    """H3: 9 of 100 bytes, then half closed."""
    _cut_short(scene)


def _cut_short(scene: Scene) -> None:
    head = raw.head(scene.door, "Content-Length: 100")
    answer = raw.send(scene.door, head + b'[{"Mess":', half_close=True)
    expect(scene, "cut short", answer, 0, 400, 499)


def held_body(scene: Scene) -> None:
    """H4: 9 of 100 bytes, then nothing: never acknowledged, and nobody else waits.

    Caddy 2.11 may keep such a connection until its client goes; it occupies no more.
    """
    head = raw.head(scene.door, "Content-Length: 100")
    answer = raw.send(scene.door, head + b'[{"Mess":')
    scene.note(f"closed after {answer.took_s:.1f} s with {answer.status}")
    scene.require(answer.status != 200, "a body that never came was acknowledged")


def many_held(scene: Scene) -> None:
    """H5: 200 connections that hold headers, 200 that hold bodies, door and login."""
    login = f"{scene.portal.url}/admin/login/"
    head = raw.head(scene.door, "Content-Length: 100")
    at_login = raw.head(login, "Content-Length: 100")
    with ExitStack() as held:
        for begun in (head[:40], head + b"[{", at_login + b"user", at_login[:40]):
            for _ in range(_HELD // 2):
                one = held.enter_context(closing(raw.connect(scene.door)))
                one.sendall(begun)
        scene.wait(scene.seconds - 5)


def too_large(scene: Scene) -> None:
    """H6: 50 MB are refused at once, and no process grows by them."""
    before = _door_memory(scene)
    head = raw.head(scene.door, f"Content-Length: {50 * 1024 * 1024}")
    answer = raw.send(scene.door, head)
    expect(scene, "50 MB", answer, 413)
    scene.require(answer.took_s < 0.5, f"refused after {answer.took_s:.2f} s")
    grown = (_door_memory(scene) - before) // 1024
    scene.note(f"{answer.took_s * 1000:.0f} ms, door grew by {grown} MiB")


def _door_memory(scene: Scene) -> int:
    return sum(map(memory_kib, scene.portal.whole("door")))


def at_the_limit(scene: Scene) -> None:
    """H7: a body of the limit is taken, one byte more is not."""
    about, body = item()
    for size, status in ((_LIMIT, 200), (_LIMIT + 1, 413)):
        full = body + b" " * (size - len(body))
        head = raw.head(scene.door, f"Content-Length: {size}")
        expect(scene, f"{size} bytes", raw.send(scene.door, head + full), status)
    scene.require(is_readable(about), "its receipt is not readable")


def compressed(scene: Scene) -> None:
    """H8: a compressed body is kept as it is and quarantined, never inflated."""
    before = sum(map(memory_kib, scene.portal.whole("worker")))
    bomb = gzip.compress(b"[" + b"0," * 25_000_000 + b"0]")  # 50 MB
    lines = (f"Content-Length: {len(bomb)}", "Content-Encoding: gzip")
    answer = raw.send(scene.door, raw.head(scene.door, *lines) + bomb)
    expect(scene, "gzip", answer, 200)
    sql = "SELECT count(*) FROM receipts_quarantineditem WHERE item = %s"
    took = wait_until(lambda: rows(sql, bomb) == 1, within_s=10)
    scene.require(took is not None, "it is not in quarantine")
    grown = (sum(map(memory_kib, scene.portal.whole("worker"))) - before) // 1024
    scene.note(f"worker grew by {grown} MiB")
    scene.require(grown < 60, "the worker has inflated it")


def false_heads(scene: Scene) -> None:
    """H12: lengths that contradict themselves."""
    for lines in _FALSE_HEADS:
        answer = raw.send(scene.door, raw.head(scene.door, *lines) + b"zz\r\nhello")
        # 499 is the word of the edge for a body that broke off.
        expect(scene, lines[0], answer, 0, 400, 499)


def other_methods(scene: Scene) -> None:
    """H13: no method but GET, HEAD and POST."""
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        data = raw.head(scene.door, "Content-Length: 0", method=method)
        expect(scene, method, raw.send(scene.door, data), 405)


def kept_alive(scene: Scene) -> None:
    """H14: a thousand pushes over one connection, then pipelined ones."""
    ids = []
    with closing(raw.connect(scene.door)) as connection:
        for _ in range(scene.times(1000, 100)):
            about, body = item()
            ids.append(about)
            head = raw.head(scene.door, f"Content-Length: {len(body)}")
            connection.sendall(head + body)
            answer = raw.read(connection, time.monotonic())
            scene.require(answer.status == 200, f"kept alive: {answer.status}")
    sql = "SELECT count(*) FROM receipts_receipt WHERE message_id = ANY(%s)"
    took = wait_until(lambda: rows(sql, ids) == len(ids), within_s=20)
    scene.require(took is not None, f"{rows(sql, ids)} of {len(ids)} are readable")


def _fault(name: str, does: str, run: Callable[[Scene], None]) -> Fault:
    return Fault(name=name, does=does, run=run, seconds=8, short=4, in_short=False)


FAULTS = (
    _fault("H1", "chunked body through the edge", chunked_body),
    _fault("H3", "9 of 100 bytes, half closed", cut_short),
    Fault(name="H4", does="9 of 100 bytes, held", run=held_body, in_short=False),
    Fault(
        name="H5", does="400 held heads and bodies", run=many_held, seconds=20, short=10
    ),
    _fault("H6", "50 MB", too_large),
    _fault("H7", "the limit, and a byte more", at_the_limit),
    _fault("H8", "gzip bomb", compressed),
    _fault("H12", "contradicting lengths", false_heads),
    _fault("H13", "other methods", other_methods),
    _fault("H14", "1,000 pushes over one connection", kept_alive),
    Fault(
        name="H2",
        does="chunked and cut short, without an edge",
        run=straight,
        seconds=14,
        stage=started_with(EDGE="off"),
        in_short=False,
    ),
)
