"""Callback paths that outlive a restart while the database is away."""

import ipaddress
import os
import stat
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django import Settings

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.services.routes import Route
from channels_cfg.wire import ReceiptType, Secrets
from receipts.intake import routes, snapshot
from receipts.intake.routes import Routes, known_routes
from receipts.spool import health
from tests.receipts.intake.conftest import Post, seconds
from tests.receipts.intake.own_database import OwnDatabase

ROUTE = Route(
    path="a/b",
    path_id=7,
    channel_id=8,
    channel_key="a",
    provider="cams",
    receipt_type=ReceiptType.MT_STATUS,
    channel_type="whatsapp",
    header_name="x-secret",
    header_digests=(b"\x01" * 32,),
    basic_digests=(b"\x02" * 32, b"\x03" * 32),
    networks=(ipaddress.ip_network("203.0.113.0/24"), ipaddress.ip_network("::1/128")),
    secrets=Secrets(signing=("s3cret",), verify_tokens=("token",)),
)


@pytest.fixture(autouse=True)
def fresh_routes() -> None:
    """Know no path at first, as a new process."""
    known_routes.__init__()  # type: ignore[misc]  # as a new process has it


def test_route_comes_back_as_it_was_kept() -> None:
    snapshot.save({"a/b": ROUTE})

    kept = snapshot.read()

    assert kept is not None
    assert kept.routes == {"a/b": ROUTE}


def test_snapshot_shows_no_path_and_no_secret_and_is_ours_alone(
    spool_dir: Path,
) -> None:
    snapshot.save({"a/b": ROUTE})

    file = spool_dir / "routes"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for word in (b"a/b", b"s3cret", b"token", b"\x01" * 32):
        assert word not in file.read_bytes()


def test_snapshot_that_we_did_not_write_is_not_believed(
    settings: Settings, spool_dir: Path
) -> None:
    snapshot.save({"a/b": ROUTE})
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    assert snapshot.read() is None
    (spool_dir / "routes").write_bytes(b"[]")
    assert snapshot.read() is None


def test_paths_are_kept_on_disk_before_any_push_came(
    transactional_db: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    spool_dir: Path,
) -> None:
    made = Channel.objects.create(key="new", name="New", provider="cams")
    CallbackPath.objects.create(channel=made, receipt_type="any", path="new/path")
    monkeypatch.setattr(routes, "REFRESH_EVERY_S", 10**6)
    settings.BACKGROUND_THREADS = True

    Routes().follow()

    ends_at = time.monotonic() + 10
    while (kept := snapshot.read()) is None and time.monotonic() < ends_at:
        time.sleep(0.05)
    assert kept is not None
    assert "new/path" in kept.routes


def test_process_that_starts_while_the_database_is_away_knows_the_paths(
    database: OwnDatabase, post: Post
) -> None:
    known_routes.load()
    known_routes.keep()
    known_routes.__init__()  # type: ignore[misc]  # a new process
    database.stop()

    known, unknown = post(b"[1]"), post(b"[2]", "wa-main/nowhere")

    assert (known.status_code, unknown.status_code) == (200, 503)


def test_process_that_starts_on_a_frozen_database_loses_one_second_only(
    database: OwnDatabase, post: Post
) -> None:
    known_routes.load()
    known_routes.keep()
    known_routes.__init__()  # type: ignore[misc]  # a new process
    connection.close()

    with database.frozen():
        took = [seconds(lambda: post(b"[1]")) for _ in range(3)]

    assert took[0] < 1.9
    assert max(took[1:]) < 0.6
    assert health.state().rows == 3


def test_unknown_path_is_404_only_if_the_database_says_so(
    database: OwnDatabase, post: Post
) -> None:
    there = post(path="wa-main/nowhere").status_code
    database.stop()
    time.sleep(1.1)  # the last answer counts for a second
    away = post(path="wa-main/nowhere").status_code

    assert (there, away) == (404, 503)
    assert post().status_code == 200


def test_unknown_path_does_not_wait_for_a_frozen_database_again_and_again(
    database: OwnDatabase, post: Post
) -> None:
    known_routes.load()
    with database.frozen():
        post()  # opens the breaker
        time.sleep(0.2)
        took = [seconds(lambda: post(path="no/where")) for _ in range(5)]

    assert max(took) < 0.6


def test_snapshot_counts_for_a_day_after_it_was_last_confirmed(
    database: OwnDatabase, post: Post, spool_dir: Path
) -> None:
    known_routes.load()
    known_routes.keep()
    database.stop()
    answers = []
    for hours in (23, 25):
        then = time.time() - hours * 3600
        os.utime(spool_dir / "routes", (then, then))
        known_routes.__init__()  # type: ignore[misc]  # a new process
        answers.append(post().status_code)

    assert answers == [200, 503]


def test_unchanged_paths_are_confirmed_but_not_written_again(
    database: OwnDatabase, spool_dir: Path
) -> None:
    routes = Routes()
    routes.load()
    routes.keep()
    file = spool_dir / "routes"
    before = file.stat()
    os.utime(file, (0, 0))

    routes.load()
    routes.keep()

    assert file.stat().st_ino == before.st_ino
    assert file.stat().st_mtime >= before.st_mtime
