"""A database whose host vanishes is noticed, whoever waits for it."""

import os
import socket
import time
from contextlib import closing

import psycopg
from django.db import connection
from psycopg import pq
from psycopg.conninfo import make_conninfo

from portal import databases


def _options(url: str) -> dict[str, object]:
    options = databases.entry(url)["OPTIONS"]
    assert isinstance(options, dict)
    return options


def test_what_the_address_asks_for_wins() -> None:
    options = _options("postgresql://u@h/d?connect_timeout=9&keepalives_idle=60")

    assert int(options["connect_timeout"]) == 9  # type: ignore[call-overload]  # text or number
    assert int(options["keepalives_idle"]) == 60  # type: ignore[call-overload]  # likewise
    assert options["keepalives"] == 1


def test_host_that_vanishes_ends_the_waiting_of_its_clients() -> None:
    options = _options("postgresql://u@h/d")
    asked = {k: str(v) for k, v in options.items() if k != "prepare_threshold"}
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        info = make_conninfo(
            "", host="127.0.0.1", port=port, sslmode="disable", **asked
        )
        opened = pq.PGconn.connect_start(info.encode())
        while opened.connect_poll() == pq.PollingStatus.WRITING:
            time.sleep(0.01)

        with closing(socket.socket(fileno=os.dup(opened.socket))) as its:
            assert its.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert its.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        opened.finish()


def test_socket_of_this_machine_takes_the_same_options(db: None) -> None:
    connection.ensure_connection()

    assert isinstance(connection.connection, psycopg.Connection)
