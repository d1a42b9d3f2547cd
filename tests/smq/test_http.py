"""What the connection leaves alone: redirects, proxies for loopback, ``.netrc``."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from channels_cfg.providers.cams import smq_http
from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_errors import Refused, Unreachable
from channels_cfg.providers.cams.smq_http import Connection, no_proof
from channels_cfg.providers.cams.smq_issue import issue_token
from channels_cfg.pulling import QueueAddress, Step
from tests.smq.faults import Harm, Plan
from tests.smq.server import QUEUE, SmqServer


class Recorder(BaseHTTPRequestHandler):
    """Writes down every request and sends it elsewhere."""

    seen: list[tuple[str, dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers.items())))
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def recorder() -> Iterator[str]:
    Recorder.seen.clear()
    with HTTPServer(("127.0.0.1", 0), Recorder) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_redirect_is_not_followed() -> None:
    with recorder() as url, Connection(url) as connection:
        answer = connection.send("GET", "/a?b=+/=", sign=no_proof)

    assert answer.status == 302
    assert [path for path, _ in Recorder.seen] == ["/a?b=+/="]


def test_netrc_adds_no_header(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))

    with recorder() as url, Connection(url) as connection:
        connection.send("GET", "/", sign=no_proof)

    ((_, headers),) = Recorder.seen
    assert "Authorization" not in headers
    assert headers["User-Agent"] == "receipt-portal"


def test_proxy_is_not_used_for_loopback(
    monkeypatch: pytest.MonkeyPatch, address: QueueAddress
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there

    assert issue_token(address).credential.access_key_id


def test_proxy_of_the_environment_is_used_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with recorder() as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        with Connection("http://queue.invalid") as connection:
            connection.send("GET", "/queues/q", sign=no_proof)

    assert [path for path, _ in Recorder.seen] == ["http://queue.invalid/queues/q"]


def test_proxy_that_fails_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)

    with (
        Connection("https://queue.invalid") as connection,
        pytest.raises(
            Unreachable, match=r"the proxy to queue\.invalid fails"
        ) as raised,
    ):
        connection.send("GET", "/", sign=no_proof)

    assert raised.value.step is Step.CONNECT


def test_answer_that_is_too_large_is_cut_off(
    smq: SmqServer, client: QueueClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smq_http, "MAX_BYTES", 100_000)
    smq.service.put_many(QUEUE, [b"x" * 60_000] * 2)

    with pytest.raises(Unreachable, match="over 100000 bytes"):
        client.receive(0)


def test_late_answer_is_not_taken_for_the_next_one(
    smq: SmqServer, client: QueueClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    smq.service.put_many(QUEUE, [b"{}"])
    client.receive(0)
    monkeypatch.setattr(smq_http, "ANSWER_TIMEOUT_S", 0.3)
    smq.service.faults.plan(Plan("delete", Harm.SLOW, seconds=0.6))
    with pytest.raises(Unreachable, match="no answer from"):
        client.delete(["1-AAAA"])

    assert client.receive(1) == []


@pytest.mark.parametrize(
    "endpoint",
    ["https://", "https://[", "queue", "ftp://a", "https://a b", "https://a:b"],
)
def test_address_that_is_none_is_told_in_words(endpoint: str) -> None:
    with pytest.raises(Refused, match="is no address"):
        Connection(endpoint).send("GET", "/", sign=no_proof)
