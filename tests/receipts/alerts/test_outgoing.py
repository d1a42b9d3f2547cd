"""Outgoing requests: where they go, how long they last, how much they read."""

import socket
import time
from collections.abc import Iterator

import pytest

from receipts.alerts import outgoing
from receipts.alerts.outgoing import Failed, Manner, Refused, post
from tests.receipts.alerts.receiver import Receiver, receiving
from tests.smq.tls import tls_server

HERE = Manner(seconds=2, allowed=["127.0.0.0/8"])
ANYWHERE = Manner(seconds=2)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver, not allowed by any setting."""
    with receiving() as served:
        yield served


def test_answer_of_an_allowed_receiver_comes_back(receiver: Receiver) -> None:
    answer = post(receiver.url, b"{}", {"X-One": "1"}, HERE)

    assert (answer.status, answer.body) == (200, b"ok")
    assert receiver.bodies == [b"{}"]
    assert receiver.headers[0]["x-one"] == "1"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"]
)
def test_private_receiver_is_refused_before_anything_is_sent(
    receiver: Receiver, host: str
) -> None:
    url = receiver.url.replace("127.0.0.1", host)

    with pytest.raises(Refused, match="no public address"):
        post(url, b"{}", {}, ANYWHERE)

    assert not receiver.bodies


def test_name_that_changes_its_mind_is_refused_or_pinned(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
    asked = []

    def rebind(*_: object, **__: object) -> list[object]:
        asked.append(1)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", rebind)
        found = outgoing._resolve(outgoing.parse(f"http://x:{port}"), HERE, _soon())

    assert found == "127.0.0.1"
    assert len(asked) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = [(0, 0, 0, "", (each, 443)) for each in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        post("https://two.example/", b"", {}, ANYWHERE)


def test_plain_http_does_not_leave_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", ("8.8.8.8", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(Refused, match="https"):
        post("http://one.example/", b"", {}, ANYWHERE)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "//a.example/",
        "https://",
        "https://user:pass@a.example/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example/\r\nX: y",
        "https://[::1/",
        "file:///etc/passwd",
    ],
)
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        post(url, b"", {}, ANYWHERE)


def test_redirect_is_an_answer_and_never_followed(receiver: Receiver) -> None:
    receiver.status = 302
    receiver.answer_headers = {"Location": receiver.url + "/elsewhere"}

    assert post(receiver.url, b"{}", {}, HERE).status == 302
    assert receiver.paths == ["/hook"]


def test_slow_answer_is_cut_as_a_whole(receiver: Receiver) -> None:
    receiver.pause_s = 0.2  # each byte comes well in time
    started = time.monotonic()

    with pytest.raises(Failed, match="no answer within 1 s"):
        post(receiver.url, b"{}", {}, Manner(seconds=1, allowed=["127.0.0.1"]))

    assert time.monotonic() - started < 4


def test_receiver_that_takes_the_connection_and_says_nothing_is_cut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        for scheme in ("http", "https"):
            started = time.monotonic()
            with pytest.raises(Failed, match="no answer within 1 s"):
                post(
                    f"{scheme}://127.0.0.1:{port}/",
                    b"{}",
                    {},
                    Manner(seconds=1, allowed=["127.0.0.1"]),
                )
            assert time.monotonic() - started < 4


def test_no_more_than_a_bit_of_a_large_answer_is_read(receiver: Receiver) -> None:
    receiver.answer = b"x" * (outgoing.MOST_BYTES * 20)

    assert len(post(receiver.url, b"{}", {}, HERE).body) == outgoing.MOST_BYTES


def test_certificate_that_nobody_signed_is_not_trusted() -> None:
    with tls_server() as url, pytest.raises(Failed, match="certificate"):
        post(url, b"{}", {}, HERE)


def test_name_without_address_fails_and_may_be_tried_again() -> None:
    with pytest.raises(Failed, match="no address"):
        post("https://nowhere.invalid/", b"", {}, ANYWHERE)


def _soon() -> float:
    return time.monotonic() + 2
