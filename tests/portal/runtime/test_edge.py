"""The configuration of the edge is one that Caddy takes."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from portal.runtime import binaries, edge
from portal.runtime.config import Config
from portal.runtime.edge import Upstreams
from portal.runtime.layout import Layout

PLAIN = Config(
    bind="127.0.0.1",
    port=8000,
    data_dir=Path("/nowhere"),
    has_own_database=True,
    has_own_redis=True,
    has_edge=True,
    public_base_url="",
    callback_max_bytes=1000,
    trusted_proxies=("10.0.0.0/8", "::1"),
)


def _caddyfile(config: Config, folder: Path) -> Path:
    layout = Layout(folder / "with a space")
    layout.edge.mkdir(parents=True)
    return edge.write_config(config, layout, Upstreams.of(folder))


@pytest.mark.parametrize("public", ["", "https://portal.example.org"])
def test_caddy_takes_the_configuration(public: str, tmp_path: Path) -> None:
    config = replace(PLAIN, bind="203.0.113.5", public_base_url=public)
    file = _caddyfile(config, tmp_path)
    command = [str(binaries.caddy()), "validate", "--config", str(file)]

    done = subprocess.run(
        [*command, "--adapter", "caddyfile"],
        env=edge.environment(Layout(tmp_path)),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_https_address_on_a_public_bind_gets_its_own_certificate(
    tmp_path: Path,
) -> None:
    public = "https://portal.example.org"
    config = replace(PLAIN, bind="203.0.113.5", public_base_url=public)

    text = _caddyfile(config, tmp_path).read_text()

    assert config.ports == (80, 443)
    assert "\nhttps://portal.example.org {" in text


def test_https_address_behind_another_proxy_stays_on_the_port(tmp_path: Path) -> None:
    config = replace(PLAIN, public_base_url="https://portal.example.org")

    text = _caddyfile(config, tmp_path).read_text()

    assert config.ports == (8000,)
    assert "\nhttp://:8000 {" in text
    assert "trusted_proxies static 10.0.0.0/8 ::1" in text


@pytest.fixture
def caddy(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A running edge, with nobody behind it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = _caddyfile(replace(PLAIN, port=port), tmp_path)
    with subprocess.Popen(
        edge.command(file),
        env=edge.environment(Layout(tmp_path)),
        stderr=subprocess.DEVNULL,
    ) as process:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield "127.0.0.1", port
        process.kill()


def test_chunks_that_make_no_sense_are_the_callers_fault(
    caddy: tuple[str, int],
) -> None:
    head = (
        b"POST /callbacks/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(caddy, timeout=10) as client:
        client.sendall(head + b"5\r\nhello\r\nzz\r\n")

        assert client.recv(4096).startswith(b"HTTP/1.1 400 ")
