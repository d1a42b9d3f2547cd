"""A backup under load, restored into an empty place, holds all that was acknowledged."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from channels_cfg.models import CallbackPath, Channel
from portal.backup import manifest
from portal.console.models import BackupNote
from receipts import feed
from receipts.intake.breaker import breaker
from receipts.models import Receipt
from receipts.processing import claiming
from receipts.processing.drain import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door(db: None, tmp_path: Path, settings: Settings) -> Callable[[str], int]:
    """Give a push of one status, by its message id; answers the status code."""
    settings.SPOOL_DIR = tmp_path / "spool"
    channel = Channel.objects.create(
        key="wa", name="WhatsApp", provider="cams", type="whatsapp"
    )
    CallbackPath.objects.create(channel=channel, receipt_type="mt_status", path="wa/st")

    def push(message_id: str) -> int:
        item = {"MessageId": message_id, "To": "8613800000001", "Status": "Sent"}
        answer = Client().post(
            "/callbacks/wa/st", json.dumps([item]), "application/json"
        )
        return answer.status_code

    return push


# Follows the pages of the API to their end.
_READ = """
import json
from urllib.parse import urlsplit
from django.test import Client
url, found = "/api/v1/receipts/?page_size=200", []
while url:
    page = Client(SERVER_NAME="localhost").get(
        url, headers={"Authorization": "Bearer %s"}, secure=True
    ).json()
    found += [receipt["message_id"] for receipt in page["results"]]
    parts = urlsplit(page["next"] or "")
    url = page["next"] and f"{parts.path}?{parts.query}"
print(json.dumps(found))
"""


@dataclass
class Elsewhere:
    """An empty database on the same server, and a data folder of its own."""

    folder: Path
    name: str
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        parts = urlsplit(os.environ["DATABASE_URL"])
        return urlunsplit(parts._replace(path=f"/{self.name}"))

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "DATABASE_URL": self.url, "DATA_DIR": str(self.folder)}
        env |= {"SPOOL_DIR": str(self.folder / "spool"), **self.extra}
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=env,
            check=False,
            capture_output=True,
            text=True,
        )

    def readable(self) -> set[str]:
        """Return the message id of every receipt that the API there shows, once each."""
        made = self.manage("apitoken", "create", "reader", "--scopes", "receipts:read")
        asked = self.manage("shell", "--no-imports", "-c", _READ % made.stdout.strip())
        assert asked.returncode == 0, asked.stderr
        found: list[str] = json.loads(asked.stdout)
        assert len(found) == len(set(found))
        return set(found)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as opened:
            return opened.execute(sql).fetchall()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    """Make the empty place and take it away again."""
    name = (
        f"{connection.settings_dict['NAME']}_elsewhere"  # each test process has its own
    )
    place = Elsewhere(tmp_path / "elsewhere", name)
    place.folder.mkdir()
    _on_server(f"DROP DATABASE IF EXISTS {place.name}", f"CREATE DATABASE {place.name}")
    yield place
    _on_server(f"DROP DATABASE {place.name} WITH (FORCE)")


def _on_server(*statements: str) -> None:
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(url, autocommit=True) as opened:
        for each in statements:
            opened.execute(each)


def _backup(folder: Path) -> Path:
    call_command("backup", folder)
    (made,) = folder.iterdir()
    return made


def test_restore_of_a_backup_under_load_holds_all_acknowledged_before(
    door: Callable[[str], int], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    acknowledged: list[tuple[float, str]] = []
    ended = threading.Event()
    load = threading.Thread(target=_load, args=(door, acknowledged, ended))
    load.start()
    time.sleep(3)
    began = time.time()
    made = _backup(tmp_path / "backups")
    ended.set()
    load.join()

    restored = elsewhere.manage("restore", str(made))
    elsewhere.manage("spool", "drain")
    swept = elsewhere.manage("shell", "-c", _DRAIN)

    assert restored.returncode == 0, restored.stderr
    assert swept.returncode == 0, swept.stderr
    there = elsewhere.readable()
    before = {name for at, name in acknowledged if at < began}
    assert len(before) > 20
    assert before <= there
    assert there <= {name for _, name in acknowledged}


_DRAIN = "from receipts.processing.drain import drain; drain(for_seconds=60)"


def test_callback_that_a_drain_had_in_hand_is_free_after_a_restore(
    door: Callable[[str], int], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    door("m1")
    assert len(claiming.claim().callbacks) == 1
    made = _backup(tmp_path / "backups")

    elsewhere.manage("restore", str(made))
    elsewhere.manage("shell", "-c", _DRAIN)

    assert elsewhere.readable() == {"m1"}


def _load(
    door: Callable[[str], int],
    acknowledged: list[tuple[float, str]],
    ended: threading.Event,
) -> None:
    """Push on and on; every fifth goes to the spool, every third waits to be read."""
    number = 0
    while not ended.is_set():
        name = f"m{number}"
        breaker.is_open = number % 5 == 4  # as if the database were away
        if door(name) == 200:
            acknowledged.append((time.time(), name))
        if number % 3 == 0:
            drain(for_seconds=1)
        number += 1
    connection.close()


def test_feed_begins_anew_after_a_restore_and_waits_for_nothing(
    door: Callable[[str], int], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    door("m1")
    drain()
    Receipt.objects.update(xid=2**40)  # as another server may have counted
    before = feed.epoch()

    elsewhere.manage("restore", str(_backup(tmp_path / "backups")))
    told = elsewhere.manage("shell", "-v0", "-c", _FEED)

    epoch, seen = told.stdout.split()
    assert (epoch != before, seen) == (True, "m1")


_FEED = (
    "from receipts import feed; "
    "rows = feed.read(feed.start(), feed.Wanted(), 10).rows; "
    "print(feed.epoch(), *[row.message_id for row in rows])"
)


def test_backup_holds_no_key_but_what_tells_them_apart(
    door: Callable[[str], int], tmp_path: Path
) -> None:
    made = _backup(tmp_path / "backups")

    text = (made / manifest.NAME).read_text()
    assert settings.SECRET_KEY not in text
    assert not any(key in text for key in settings.FIELD_KEYS)
    assert manifest.fingerprints()["FIELD_KEYS"][0] in text
    assert BackupNote.objects.get().folder == str(made)


def test_backup_that_was_changed_is_not_restored(
    door: Callable[[str], int], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    made = _backup(tmp_path / "backups")
    dump = made / manifest.DUMP
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")

    refused = elsewhere.manage("restore", str(made))

    assert refused.returncode == 1
    assert "its checksum differs" in refused.stderr
    with pytest.raises(CommandError):
        call_command("backup", "--check", made)


def test_restore_without_the_keys_says_what_is_missing(
    door: Callable[[str], int], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    made = _backup(tmp_path / "backups")
    elsewhere.extra["FIELD_KEYS"] = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMTI="

    refused = elsewhere.manage("restore", str(made))
    done = elsewhere.manage("restore", "--other-keys", str(made))

    assert "FIELD_KEYS" in refused.stderr
    assert done.returncode == 0, done.stderr


def test_restore_over_something_needs_to_be_told_so(
    door: Callable[[str], int], elsewhere: Elsewhere, tmp_path: Path
) -> None:
    made = _backup(tmp_path / "backups")
    elsewhere.manage("restore", str(made))

    refused = elsewhere.manage("restore", str(made))
    again = elsewhere.manage("restore", "--replace", str(made))

    assert "not empty" in refused.stderr
    assert again.returncode == 0, again.stderr
