"""Ports are looked at before anything is started."""

import socket

import pytest

from portal.runtime import ports
from portal.runtime.problems import Impossible


def test_taken_port_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(Impossible, match=f"Port {port} .* is taken .*set PORT"):
            ports.require_free("127.0.0.1", port)


def test_free_port_is_left_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]

    ports.require_free("127.0.0.1", port)

    socket.create_server(("127.0.0.1", port)).close()


def test_foreign_address_is_said_with_what_to_do() -> None:
    with pytest.raises(Impossible, match="set BIND"):
        ports.require_free("192.0.2.1", 8000)
