"""From the spool into a real database: in order, once, whatever stands in the way."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from django.core.management import CommandError, call_command

from receipts.deliveries import Delivery
from receipts.models import Callback
from receipts.spool import Full, canary, folder, health, loading
from receipts.spool.records import canary as canary_content
from receipts.spool.records import pack
from receipts.spool.store import Spool
from receipts.sweeping import sweep_once
from tests.receipts.intake.conftest import bodies, made
from tests.receipts.intake.own_database import OwnDatabase
from tests.receipts.intake.test_spool_damage import flip

pytestmark = pytest.mark.usefixtures("database")


def fill(here: Spool, *deliveries: Delivery) -> None:
    """Put deliveries into the spool in one go."""
    here.add([pack(delivery) for delivery in deliveries])


def spool_command(*words: str) -> str:
    """Return what ``manage.py spool`` says."""
    said = StringIO()
    call_command("spool", *words, stdout=said)
    return said.getvalue()


def test_load_inserts_what_was_received_and_nothing_else(here: Spool) -> None:
    delivery = made(b"\x00\xff")
    fill(here, delivery)

    loading.load(for_seconds=5)

    callback = Callback.objects.get()
    assert (callback.id, callback.received_at) == (delivery.id, delivery.received_at)
    assert (bytes(callback.body), callback.state) == (b"\x00\xff", "pending")
    assert (callback.address, callback.headers) == (
        "203.0.113.9",
        {"user-agent": "test"},
    )


def test_row_that_was_inserted_but_not_removed_is_no_double(
    here: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(here, made(b"1"), made(b"2"))

    def die(_self: object, _seqs: Sequence[int]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("receipts.spool.file.SpoolFile.forget", die)
        with pytest.raises(KeyboardInterrupt):
            loading.load(for_seconds=5)
    again = loading.load(for_seconds=5)

    assert again["callbacks"] == 2
    assert bodies() == [b"1", b"2"]


def test_large_spool_is_loaded_in_several_batches_in_order(here: Spool) -> None:
    fill(here, *(made(b"%d" % number) for number in range(450)))

    loaded = loading.load(for_seconds=20)

    assert loaded["callbacks"] == 450
    assert bodies() == [b"%d" % number for number in range(450)]
    assert health.state().rows == 0


def test_damaged_row_stays_aside_and_the_others_are_loaded(here: Spool) -> None:
    fill(here, made(b"a" * 900), made(b"b" * 900), made(b"c" * 900))
    file = here.current()
    file.settle()
    file.leave()
    flip(file.path, file.path.read_bytes().index(b"b" * 900))

    loading.load(for_seconds=5)
    state = health.state()

    assert bodies() == [b"a" * 900, b"c" * 900]
    assert (state.rows, state.aside) == (0, 1)
    assert health.complaints(state) == ["rows that cannot be loaded"]


def test_row_that_the_database_cannot_take_stays_aside(here: Spool) -> None:
    bad = msgspec.structs.replace(made(b"bad"), address="nonsense")
    fill(here, made(b"1"), bad, made(b"2"))

    loading.load(for_seconds=5)

    assert bodies() == [b"1", b"2"]
    assert health.state().aside == 1


def test_sound_rows_of_a_damaged_file_are_loaded_and_the_file_is_kept(
    here: Spool,
) -> None:
    fill(here, *(made(b"%04d" % number * 300) for number in range(300)))
    file = here.current()
    file.settle()
    file.leave()
    page = file.path.read_bytes().index(b"0250" * 200) // 4096
    flip(file.path, page * 4096 + 4)

    loading.load(for_seconds=10)
    fill(here, made(b"new"))
    loading.load(for_seconds=10)

    assert Callback.objects.count() >= 298
    assert Callback.objects.filter(body=b"new").exists()
    assert health.state().damaged_files == (file.path.name,)


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let removals and notes fail as on a disk that is full."""

    def fail(*_: object) -> None:
        raise Full("database or disk is full")

    for name in ("forget", "put_aside", "note"):
        monkeypatch.setattr(f"receipts.spool.file.SpoolFile.{name}", fail)


@pytest.mark.usefixtures("no_room")
def test_spool_on_a_full_disk_is_loaded_and_its_file_given_up(here: Spool) -> None:
    fill(here, *(made(b"%d" % number) for number in range(450)))
    path = here.current().path

    loading.load(for_seconds=20)

    assert len(bodies()) == 450
    assert not path.exists()
    assert health.state().rows == 0


@pytest.mark.usefixtures("no_room")
def test_file_on_a_full_disk_is_kept_for_a_row_that_nobody_can_load(
    here: Spool,
) -> None:
    here.add([pack(made(b"1")), b"no record"])

    loading.load(for_seconds=5)
    loading.load(for_seconds=5)

    assert bodies() == [b"1"]
    assert health.state().rows == 2


def test_spool_file_of_another_host_is_loaded_with_ours(
    here: Spool, spool_dir: Path, tmp_path: Path
) -> None:
    there = Spool(tmp_path / "other", here.max_bytes)
    fill(there, made(b"theirs"))
    there.current().settle()
    fill(here, made(b"ours"))
    path = there.current().path

    path.rename(spool_dir / path.name)
    loading.load(for_seconds=5)

    assert sorted(bodies()) == [b"ours", b"theirs"]


def test_canary_is_noted_and_never_inserted(here: Spool) -> None:
    here.add([canary_content()])

    loaded = loading.load(for_seconds=5)
    state = health.state()

    assert loaded["canaries"] >= 1
    assert state.canary_at is not None
    assert (state.rows, Callback.objects.count()) == (0, 0)


def test_canary_is_sent_once_an_hour(here: Spool) -> None:
    here.add([])

    sent = [loading.load(for_seconds=5)["canaries"] for _ in range(3)]

    assert sent == [1, 0, 0]
    assert canary.EVERY_S == 3600


def test_one_process_of_a_host_loads_at_a_time(here: Spool) -> None:
    fill(here, made())

    with (
        folder.alone(here.folder, "loader"),
        pytest.raises(loading.Elsewhere),
    ):
        loading.load(for_seconds=5)

    assert health.state().rows == 1


def test_spool_is_kept_while_the_database_is_away(
    database: OwnDatabase, here: Spool
) -> None:
    fill(here, made(b"1"))
    database.stop()

    loaded = loading.load_quietly()
    database.start()
    loading.load_quietly()

    assert loaded["callbacks"] == 0
    assert bodies() == [b"1"]


def test_sweep_loads_the_spool_before_it_drains(
    here: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(here, made(b"1"))
    seen: list[int] = []
    monkeypatch.setattr(
        "receipts.sweeping.drain", lambda **_: seen.append(Callback.objects.count())
    )
    for step in ("compact", "settle_merged"):
        monkeypatch.setattr(f"receipts.sweeping.{step}", lambda: None)

    sweep_once()

    assert seen == [1]


def test_status_says_what_waits_and_drain_loads_it(here: Spool) -> None:
    fill(here, made(), made())

    before = spool_command("status")
    drained = spool_command("drain")

    assert "waiting: 2 rows" in before
    assert drained == "loaded 2 callbacks, put aside 0\n"
    assert "waiting: 0 rows" in spool_command("status")


def test_status_ends_with_a_complaint_when_something_needs_a_look(here: Spool) -> None:
    here.add([b"no record"])
    loading.load(for_seconds=5)

    with pytest.raises(CommandError, match="rows that cannot be loaded"):
        spool_command("status")


def test_drain_says_so_while_the_database_is_away(
    database: OwnDatabase, here: Spool
) -> None:
    fill(here, made())
    database.stop()

    with pytest.raises(CommandError, match=r"The database is away, \d rows are left"):
        spool_command("drain")


def test_row_aside_can_be_tried_again(here: Spool) -> None:
    fill(here, made(b"1"))
    here.current().put_aside(1, "for a test")
    loading.load(for_seconds=5)
    before = bodies()

    spool_command("drain", "--retry-aside")

    assert before == []
    assert bodies() == [b"1"]
