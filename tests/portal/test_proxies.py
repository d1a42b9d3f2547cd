"""Whose word about the client counts."""

import pytest

from portal.proxies import RELAYED, Proxies


def _settled(
    proxies: Proxies, peer: str, forwarded: str, scheme: str = "https"
) -> dict[str, object]:
    environ: dict[str, object] = {
        "REMOTE_ADDR": peer,
        "HTTP_X_FORWARDED_FOR": forwarded,
        "HTTP_X_FORWARDED_PROTO": scheme,
        "wsgi.url_scheme": "http",
    }
    proxies.settle(environ)
    return environ


def test_stranger_cannot_claim_an_address_or_a_scheme() -> None:
    environ = _settled(Proxies((), False), "203.0.113.9", "198.51.100.1")

    assert environ.pop(RELAYED) is True
    assert environ == {"REMOTE_ADDR": "203.0.113.9", "wsgi.url_scheme": "http"}


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("", "10.0.0.1"),
    ],
)
def test_listed_proxies_are_believed_from_the_right(chain: str, client: str) -> None:
    environ = _settled(Proxies(("10.0.0.0/8",), False), "10.0.0.1", chain)

    assert environ["REMOTE_ADDR"] == client
    assert environ["wsgi.url_scheme"] == "https"


def test_our_edge_is_believed_whatever_its_address_reads() -> None:
    environ = _settled(Proxies((), True), "unix:", "198.51.100.1", scheme="http")

    assert environ == {"REMOTE_ADDR": "198.51.100.1", "wsgi.url_scheme": "http"}


@pytest.mark.parametrize(
    ("listed", "relayed", "is_relayed"),
    [((), "198.51.100.1", True), ((), "", False), (("127.0.0.1",), "1.1.1.1", False)],
)
def test_edge_tells_of_a_proxy_before_it_that_nobody_listed(
    listed: tuple[str, ...], relayed: str, is_relayed: bool
) -> None:
    environ: dict[str, object] = {
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_RELAYED_FOR": relayed,
    }

    Proxies(listed, True).settle(environ)

    assert bool(environ.get(RELAYED)) is is_relayed
    assert "HTTP_X_RELAYED_FOR" not in environ
