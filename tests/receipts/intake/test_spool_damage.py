"""Flipped bytes and broken files: found, told, and no harm to their neighbours."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from receipts.deliveries import Delivery
from receipts.spool import Damaged, folder, health, rescuing
from receipts.spool.records import pack, unpack
from receipts.spool.store import Spool
from tests.receipts.intake.conftest import made
from tests.receipts.intake.test_spool import found, put


def flip(path: Path, where: int) -> None:
    """Change two bits of a byte of a file."""
    with path.open("r+b") as file:
        file.seek(where)
        byte = file.read(1)[0]
        file.seek(where)
        file.write(bytes([byte ^ 3]))


class Basket(list[Delivery]):
    """What was rescued."""

    def take(self, some: Sequence[Delivery]) -> int:
        """Take all of them."""
        self.extend(some)
        return len(some)


def test_flipped_byte_in_a_row_condemns_that_row_only(here: Spool) -> None:
    put(made(b"a" * 900), made(b"b" * 900), made(b"c" * 900))
    here.current().settle()
    path = here.current().path
    here.current().leave()  # or it would answer from memory

    flip(path, path.read_bytes().index(b"b" * 900) + 7)

    rows = here.current().oldest(10, 10**9)
    with pytest.raises(Damaged):
        unpack(rows[1])
    assert unpack(rows[0]).delivery.body == b"a" * 900
    assert unpack(rows[2]).delivery.body == b"c" * 900


def test_page_that_lost_its_rows_is_found_and_the_other_pages_are_rescued(
    here: Spool,
) -> None:
    put(*(made(b"%04d" % number * 300) for number in range(60)))
    path = here.current().path
    here.current().settle()
    page = path.read_bytes().index(b"0030" * 200) // 4096
    flip(path, page * 4096 + 4)  # the number of its rows

    with pytest.raises(Damaged):
        here.current().check()
    rescued = Basket()
    count = rescuing.rescue(path, rescued.take)

    assert count == len(rescued) >= 58
    assert {d.body[:4] for d in rescued} >= {b"0000", b"0059"}
    assert rescuing.rescue(path, rescued.take) == 0


def test_file_that_is_no_database_is_left_aside_and_a_new_one_takes_over(
    here: Spool, spool_dir: Path
) -> None:
    put(made())
    old = here.current().path
    here.current().settle()
    here.current().leave()
    old.write_bytes(b"rubbish" * 2000)

    put(made(b"new"))

    assert [delivery.body for delivery in found(here)] == [b"new"]
    assert health.state().damaged_files == (old.name,)
    assert folder.sound_files(spool_dir) == [here.current().path]


def test_file_that_another_process_found_damaged_takes_nothing_more(
    here: Spool,
) -> None:
    put(made(b"1"))
    stale = here.current()
    folder.mark(stale.path, "found by the loader")

    with pytest.raises(Damaged):
        stale.add([pack(made(b"lost"))])
    put(made(b"2"))

    assert [delivery.body for delivery in found(here)] == [b"2"]


def test_row_of_another_release_is_told_from_a_damaged_one(here: Spool) -> None:
    here.add([b"\x81\xa4kind\xa5other"])

    (row,) = here.current().oldest(1, 100)
    with pytest.raises(Damaged, match="another release"):
        unpack(row)
