"""A web process that is told to end does so, whatever its clients hold or go on doing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from portal.closing import Closing
from portal.runtime.config import CHECKOUT

_PUSH = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
_WORDS = (
    "--interface wsgi --http 1 --workers 1 --blocking-threads 2 --log-level warning "
    "--respawn-interval 0.2"
)


@pytest.fixture
def server(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator["subprocess.Popen[bytes]"]:
    """granian as the portal starts it, on a socket below ``tmp_path``.

    The parameter is for how many seconds its workers start.
    """
    words = ["-m", "portal.runtime.serve", *_WORDS.split(), "--uds", "door.sock"]
    with subprocess.Popen(
        [sys.executable, *words, "tests.portal.runtime.endless:application"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "STARTS_AFTER_S": str(getattr(request, "param", 1)),
        },
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        yield process
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers, too


def _connect(folder: Path, *, within_s: float = 30) -> socket.socket:
    until = time.monotonic() + within_s
    while True:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(10)
        try:
            client.connect(str(folder / "door.sock"))
        except OSError:
            assert time.monotonic() < until
            client.close()
            time.sleep(0.05)
        else:
            return client


def _push_for_ever(client: socket.socket) -> None:
    with suppress(OSError):
        client.sendall(_PUSH)
        while client.recv(4096):
            client.sendall(_PUSH)


def test_process_ends_in_time_beside_clients_that_do_not(
    server: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    clients = [_connect(tmp_path) for _ in range(3)]
    busy, with_a_head, with_half_a_head = clients
    threading.Thread(target=_push_for_ever, args=(busy,), daemon=True).start()
    with_a_head.sendall(_PUSH)
    assert with_a_head.recv(4096)
    with_half_a_head.sendall(_PUSH[:9])
    time.sleep(0.2)
    server.terminate()

    assert server.wait(8) == 0
    assert server.stderr is not None
    assert b"refused" not in server.stderr.read()
    for client in clients:
        client.close()


@pytest.mark.parametrize("server", [5], indirect=True)
def test_old_process_answers_until_the_new_one_is_there(
    server: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    _connect(tmp_path).close()
    old = _answered_by(server, tmp_path)
    server.send_signal(signal.SIGHUP)
    ends_at = time.monotonic() + 20

    while old & (now := _answered_by(server, tmp_path)):
        assert time.monotonic() < ends_at

    assert now


def _answered_by(server: "subprocess.Popen[bytes]", folder: Path) -> set[str]:
    """Require an answer within a second, and return who may have given it.

    A connection that the old one took last may end unread: its push comes again.
    """
    ends_at, is_answered = time.monotonic() + 1, False
    while not is_answered and time.monotonic() < ends_at:
        with suppress(OSError), _connect(folder) as client:
            client.settimeout(1)
            client.sendall(_PUSH)
            is_answered = bool(client.recv(4096))
    assert is_answered
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return set(children.read_text().split())


def test_process_that_starts_ends_at_once(
    server: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    while not (tmp_path / "door.sock").exists():
        time.sleep(0.01)
    time.sleep(0.5)  # its worker is there, and imports the application
    server.terminate()

    assert server.wait(5) == 0


def test_process_waits_for_what_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    closing = Closing()
    closing._started()
    threading.Timer(0.6, closing._finished).start()
    monkeypatch.setattr("portal.closing._QUIET_S", 0.1)
    began = time.monotonic()

    closing.wait_until_quiet()

    assert 0.6 < time.monotonic() - began < 3


def test_process_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    closing = Closing()
    closing._started()
    monkeypatch.setattr("portal.closing._AT_MOST_S", 0.2)

    closing.wait_until_quiet()

    assert closing.counted.number == 1
