"""The spool's files: order, bounds, damage, several processes; no database."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django import Settings

from receipts.deliveries import Delivery
from receipts.spool import (
    Full,
    Unwritable,
    canary,
    folder,
    writing,
)
from receipts.spool.records import Kind, pack, unpack
from receipts.spool.store import Spool, check_writable, spool
from tests.receipts.intake.conftest import made


def put(*deliveries: Delivery) -> None:
    """Put deliveries into the spool of this test, as a web process does."""
    for delivery in deliveries:
        writing.write([pack(delivery)], for_seconds=2)


def found(here: Spool) -> list[Delivery]:
    """Return what is in the spool, in its order."""
    rows = [row for file in here.files() for row in file.oldest(10_000, 10**9)]
    return [unpack(row).delivery for row in rows]


def test_delivery_comes_out_as_it_went_in(here: Spool) -> None:
    delivery = made(bytes(range(256)) * 40)

    put(delivery)

    assert found(here) == [delivery]


def test_only_we_can_read_the_spool(here: Spool, spool_dir: Path) -> None:
    put(made())

    modes = {path.name: path.stat().st_mode for path in spool_dir.iterdir()}
    assert stat.S_IMODE(spool_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(mode) for mode in modes.values()} == {0o600}


def test_spool_survives_its_process(here: Spool, spool_dir: Path) -> None:
    put(made(b"1"), made(b"2"))

    fresh = Spool(spool_dir, here.max_bytes)

    assert [delivery.body for delivery in found(fresh)] == [b"1", b"2"]


def test_spool_takes_what_fits_and_refuses_the_rest(
    settings: Settings, spool_dir: Path
) -> None:
    settings.SPOOL_MAX_BYTES = 128 * 1024
    with pytest.raises(Full):
        put(*(made(b"x" * 10_000) for _ in range(20)))

    put(made(b"small"))

    kept = found(spool())
    assert 9 <= len(kept) < 20
    assert kept[-1].body == b"small"
    assert sum(p.stat().st_size for p in spool_dir.glob("*.sqlite3")) <= 128 * 1024


def test_room_is_given_back_when_the_spool_is_empty(
    here: Spool, spool_dir: Path
) -> None:
    put(*(made(b"x" * 100_000) for _ in range(5)))
    file = here.current()

    file.forget([row.seq for row in file.oldest(10, 10**9)])
    file.settle()

    assert sum(path.stat().st_size for path in spool_dir.iterdir()) < 100_000


def test_what_was_written_leaves_the_log_of_sqlite_within_a_second(
    here: Spool, spool_dir: Path
) -> None:
    put(made())

    time.sleep(0.8)

    assert [path.stat().st_size for path in spool_dir.glob("*-wal")] == [0]


def test_threads_that_write_at_once_all_get_their_place(here: Spool) -> None:
    threads = [
        threading.Thread(target=lambda: put(*(made() for _ in range(25))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({delivery.id for delivery in found(here)}) == 200


_WRITER = """
import os, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
import django
django.setup()
from django.conf import settings
settings.SPOOL_DIR = Path(sys.argv[1])
from receipts.spool import writing
from receipts.spool.records import pack
from tests.receipts.intake.conftest import made
while True:
    delivery = made(os.urandom(3000))
    writing.write([pack(delivery)], for_seconds=2)
    print(delivery.id, flush=True)
"""


def test_nothing_acked_is_lost_when_writers_are_killed_in_the_middle(
    here: Spool, spool_dir: Path
) -> None:
    command = [sys.executable, "-c", _WRITER, str(spool_dir)]
    writers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    time.sleep(0.3)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
    acked = [line for writer in writers for line in writer.communicate()[0].split()]

    kept = {str(delivery.id) for delivery in found(here)}
    assert len(acked) > 10
    assert set(acked) <= kept
    here.current().check()


def test_spool_whose_folder_was_removed_makes_a_new_one(
    here: Spool, spool_dir: Path
) -> None:
    put(made(b"1"))
    for path in spool_dir.iterdir():
        path.unlink()
    spool_dir.rmdir()

    put(made(b"2"))

    assert [delivery.body for delivery in found(here)] == [b"2"]


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null/spool"])
def test_spool_that_cannot_be_written_is_a_failure_to_start(
    settings: Settings, place: str
) -> None:
    settings.SPOOL_DIR = Path(place)

    with pytest.raises(Unwritable, match="set SPOOL_DIR to a folder"):
        check_writable()


def test_start_with_a_full_spool_is_no_failure(settings: Settings) -> None:
    settings.SPOOL_MAX_BYTES = 64 * 1024
    with pytest.raises(Full):
        put(*(made(b"x" * 5_000) for _ in range(20)))

    check_writable()


def test_canary_is_marked_as_one(here: Spool) -> None:
    canary.send()

    (row,) = here.current().oldest(1, 100)
    assert unpack(row).kind is Kind.CANARY


def test_disk_that_hangs_keeps_nobody_waiting_beyond_the_budget(here: Spool) -> None:
    put(made())

    with folder.alone(here.folder):  # as a process that was stopped while it wrote
        began = time.monotonic()
        with pytest.raises(Unwritable, match="in time"):
            writing.write([pack(made())], for_seconds=0.3)

    assert time.monotonic() - began < 0.6
    put(made(b"after"))  # what was under way may have been written all the same
    assert found(here)[-1].body == b"after"


def test_curious_reader_does_not_stop_the_writers(here: Spool) -> None:
    put(made())

    with closing(sqlite3.connect(here.current().path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM delivery").fetchall()
        put(made(), made())

    assert len(found(here)) == 3
