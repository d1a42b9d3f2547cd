"""One address, several spellings; and where a portal is reached."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import places
from portal.places import Addresses
from portal.runtime.config import CHECKOUT
from portal.runtime.layout import Layout


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


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A data directory whose portal was last started on a port of its own."""
    layout = Layout(tmp_path)
    Addresses(public="http://127.0.0.1:8765", intake="http://127.0.0.1:8765/x").note(
        layout
    )
    return layout


def test_who_is_told_nothing_takes_what_the_last_start_noted(layout: Layout) -> None:
    assert places.addresses(layout, is_told=False) == Addresses.noted(layout)
    assert places.addresses(layout, is_told=True) != Addresses.noted(layout)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"public": "http://x"}', "null"])
def test_broken_note_is_as_none(layout: Layout, text: str) -> None:
    (layout.root / "addresses").write_text(text)

    assert Addresses.noted(layout) is None
    assert places.addresses(layout, is_told=False).public.startswith("http://")


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ({}, "http://127.0.0.1:8765"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"PUBLIC_BASE_URL": "https://p.example/"}, "https://p.example"),
    ],
)
def test_manage_py_beside_a_portal_links_to_it(
    layout: Layout, told: dict[str, str], base: str
) -> None:
    env = {"PATH": os.defpath, "DATA_DIR": str(layout.root), "SECRET_KEY": "x", **told}
    code = "from django.conf import settings; print(settings.PUBLIC_BASE_URL)"
    command = [sys.executable, str(CHECKOUT / "manage.py"), "shell", "-v0", "-c", code]

    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == base
