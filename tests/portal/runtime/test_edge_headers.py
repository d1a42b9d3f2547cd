"""What the edge tells the processes behind it about each request."""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest
import requests

from portal.runtime import child, edge
from portal.runtime.config import Config
from portal.runtime.edge import Upstreams
from portal.runtime.layout import Layout


class Mirror(BaseHTTPRequestHandler):
    """Answers with the headers of the request."""

    def do_GET(self) -> None:
        body = json.dumps({k.lower(): v for k, v in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "edge"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _config(folder: Path, trusted: tuple[str, ...] = ()) -> Config:
    return Config(
        bind="127.0.0.1",
        port=_free_port(),
        data_dir=folder,
        has_own_database=True,
        has_own_redis=True,
        has_edge=True,
        public_base_url="",
        callback_max_bytes=1000,
        trusted_proxies=trusted,
    )


@pytest.fixture
def base_url(tmp_path: Path) -> Iterator[str]:
    """An edge before two mirrors."""
    config, layout = _config(tmp_path), Layout(tmp_path)
    layout.edge.mkdir()
    upstreams = Upstreams.of(tmp_path)
    mirrors = [
        ThreadingUnixStreamServer(str(path), Mirror)
        for path in (upstreams.door, upstreams.web)
    ]
    for mirror in mirrors:
        threading.Thread(target=mirror.serve_forever, args=(0.02,)).start()
    file = edge.write_config(config, layout, upstreams)
    caddy = child.start(
        edge.command(file), env=edge.environment(layout), output=subprocess.DEVNULL
    )
    yield f"http://127.0.0.1:{config.port}"
    caddy.kill()
    caddy.wait()
    for mirror in mirrors:
        mirror.shutdown()
        mirror.server_close()


def told(url: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that arrive behind the edge."""
    until = time.monotonic() + 20
    while True:
        try:
            answer = requests.get(url, headers=dict(headers), timeout=5)
        except requests.ConnectionError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            found: dict[str, str] = answer.json()
            return found


def test_edge_tells_since_when_the_caller_waits_and_names_the_request(
    base_url: str, tmp_path: Path
) -> None:
    claimed = {"X-Request-Start": "1", "User-Agent": "receipt-portal-watch"}

    for path in ("/callbacks/x", "/metrics"):
        found = told(f"{base_url}{path}", claimed)

        assert abs(int(found["x-request-start"]) / 1000 - time.time()) < 30
        assert len(found["x-request-id"]) > 30


def test_name_that_a_caller_gave_its_request_stays_and_is_in_the_access_log(
    base_url: str, tmp_path: Path
) -> None:
    found = told(f"{base_url}/callbacks/s3cret", {"X-Request-Id": "theirs-17"})

    log = (tmp_path / "edge" / "access.log").read_text()
    assert found["x-request-id"] == "theirs-17"
    assert '"request_id":"theirs-17"' in log
    assert "s3cret" not in log


def test_edge_tells_that_somebody_unknown_relayed_the_request(base_url: str) -> None:
    relayed = told(f"{base_url}/metrics", {"X-Forwarded-For": "198.51.100.7"})
    plain = told(f"{base_url}/metrics", {"X-Relayed-For": ""})

    assert (relayed["x-forwarded-for"], plain["x-forwarded-for"]) == ("127.0.0.1",) * 2
    assert relayed["x-relayed-for"] == "198.51.100.7"
    assert not plain.get("x-relayed-for")


def test_watch_of_our_own_sweep_fills_no_log(base_url: str, tmp_path: Path) -> None:
    watch = {"User-Agent": "receipt-portal-watch"}

    told(f"{base_url}/healthz/ingest", watch)
    told(f"{base_url}/healthz/ingest", {"X-Request-Id": "somebody"})

    log = (tmp_path / "edge" / "access.log").read_text()
    assert log.count("/healthz/ingest") == 1
    assert "somebody" in log
