"""One address, several spellings."""

import pytest

from portal import places


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("unix:///tmp/v.sock?db=3", "redis+socket:///tmp/v.sock?virtual_host=3"),
        ("unix:///tmp/v.sock", "redis+socket:///tmp/v.sock?virtual_host=0"),
    ],
)
def test_celery_spells_a_socket_in_its_own_way(url: str, broker: str) -> None:
    assert places.celery_broker(url) == broker


@pytest.mark.parametrize(
    ("asked", "bind", "base"),
    [
        ("", "127.0.0.1", "http://127.0.0.1:8000"),
        ("", "0.0.0.0", "http://127.0.0.1:8000"),
        ("", "::1", "http://[::1]:8000"),
        ("https://portal.example.org/", "0.0.0.0", "https://portal.example.org"),
    ],
)
def test_links_begin_with_what_is_asked_or_where_we_listen(
    asked: str, bind: str, base: str
) -> None:
    assert places.public_base_url(asked, bind, 8000) == base
