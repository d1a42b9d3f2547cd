"""One portal per data directory."""

import os
from pathlib import Path

import pytest

from portal.runtime.lock import Lock
from portal.runtime.problems import Impossible


def test_second_portal_is_told_that_one_is_running(tmp_path: Path) -> None:
    first = Lock.take(tmp_path / "lock")

    with pytest.raises(Impossible, match=f"already running .*process {os.getpid()}"):
        Lock.take(tmp_path / "lock")
    first.release()


def test_released_lock_can_be_taken_and_shows_a_clean_end(tmp_path: Path) -> None:
    Lock.take(tmp_path / "lock").release()

    again = Lock.take(tmp_path / "lock")

    assert not again.was_left_behind
    again.release()


def test_lock_of_a_killed_portal_can_be_taken_and_shows_it(tmp_path: Path) -> None:
    killed = Lock.take(tmp_path / "lock")
    os.close(killed.handle)

    again = Lock.take(tmp_path / "lock")

    assert again.was_left_behind
    again.release()
