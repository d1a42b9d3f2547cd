"""``manage.py doctor`` on real servers: what is well, what is not, what to do."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from channels_cfg.models import Channel, QueueAccount
from channels_cfg.secrets import Hidden
from portal.doctor import clocks, configuration, disk, examining, spool
from portal.doctor.finding import Level
from receipts.models import Callback
from receipts.spool import health

pytestmark = pytest.mark.django_db


class _Open(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def door(settings: Settings) -> Iterator[None]:
    """A door that would keep callbacks."""
    with HTTPServer(("127.0.0.1", 0), _Open) as server:
        settings.INTAKE_URL = f"http://127.0.0.1:{server.server_port}/healthz/ingest"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_door(settings: Settings) -> None:
    """Nothing else that may listen here is asked."""
    settings.INTAKE_URL = "http://127.0.0.1:9/"


def told() -> str:
    """Return what the command prints, whether it ends well or not."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as exc:
        out.write(str(exc))
    return out.getvalue()


def test_every_examination_of_a_portal_that_is_well_says_so(door: None) -> None:
    out = StringIO()

    call_command("doctor", stdout=out)

    for each in examining.EXAMINATIONS:
        assert f" {each.of} " in out.getvalue()
    assert "PostgreSQL" in out.getvalue()
    assert out.getvalue().splitlines()[-1].startswith("0 in trouble")


def test_whatever_is_not_well_comes_with_advice() -> None:
    lines = told().splitlines()

    for number, line in enumerate(lines):
        if line.startswith(("look", "trouble")):
            assert lines[number + 1].lstrip().startswith("-> "), line


def test_door_that_does_not_answer_is_trouble() -> None:
    with pytest.raises(CommandError, match="1 in trouble"):
        call_command("doctor", stdout=StringIO())


def test_valkey_away_is_told_and_no_trouble(settings: Settings, door: None) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    text = told()

    assert "look     valkey      does not answer" in text
    assert "0 in trouble" in text


def test_spool_without_a_place_is_trouble(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    monkeypatch.setattr(health, "check", health._Check().ask)

    levels = {each.level for each in spool.examine()}

    assert Level.TROUBLE in levels


def test_missing_partition_is_named() -> None:
    name = f"receipts_callback_{timezone.now():%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE "{name}"')

    assert f"missing: {name}" in told()


def test_full_disk_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"total": 100 << 30, "free": 2 << 30})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)

    found = list(disk.examine())

    assert [each.level for each in found] == [Level.TROUBLE, Level.TROUBLE]
    assert "2.0 GiB free, 2%" in found[0].says


@pytest.mark.parametrize(
    ("offset_s", "says", "level"),
    [
        (0, "agrees", Level.OK),
        (30, "is 30 s ahead of", Level.LOOK),
        (-90, "is 90 s behind", Level.TROUBLE),
    ],
)
def test_clock_is_compared_with_that_of_the_servers(
    offset_s: float, says: str, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    monkeypatch.setattr("time.time", lambda: real() + offset_s)

    found = list(clocks.examine())

    assert len(found) == 2
    for each in found:
        assert says in each.says
        assert each.level == level


def test_secret_that_others_can_read_is_trouble(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "secrets").mkdir()
    file = tmp_path / "secrets" / "field_key"
    file.touch(0o644)

    found = [each for each in configuration.examine() if str(file) in each.says]

    assert [each.advice for each in found] == [f"chmod 600 {file}"]


def test_stored_secret_whose_key_is_lost_is_trouble(settings: Settings) -> None:
    channel = Channel.objects.create(key="a", name="A", provider="cams")
    QueueAccount.objects.create(
        channel=channel, access_key_id="a", access_key_secrets=Hidden(("x",))
    )
    settings.FIELD_KEYS = ["b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMDE="]

    assert "no key of FIELD_KEYS opens those of 1 paths" in told()


def test_callback_that_nobody_reads_is_trouble() -> None:
    Callback.objects.create(
        id=uuid4(),
        received_at=timezone.now() - timedelta(seconds=90),
        channel_id=1,
        body=b"[]",
    )

    assert "trouble  readers     the oldest callback has waited for 9" in told()


def test_database_without_a_migration_is_trouble() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'receipts'")

    assert "migrations are not applied" in told()


def test_table_that_is_missing_is_not_taken_for_a_database_that_is_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE channels_cfg_callbackpath RENAME TO gone")

    text = told()

    assert "trouble  secrets     cannot be looked at: relation" in text
    assert "not looked at while" not in text
