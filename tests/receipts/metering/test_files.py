"""Counts of several processes on disk: summed, also when their process is gone."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from receipts.metering import files
from receipts.metering.catalogue import ACCEPTED, BREAKER
from receipts.metering.meter import Row, summed

ROW = Row(name=ACCEPTED.name, labels=("wa", "database"), values=[3.0])
OPEN = Row(name=BREAKER.name, labels=(), values=[1.0])
_CHILD = """
import sys
from pathlib import Path
from receipts.metering import files
from receipts.metering.meter import Row
own = files.Own(Path(sys.argv[1]), "door")
own.save([Row(name="portal_callbacks_accepted", labels=("wa", "database"), values=[3.0]),
          Row(name="portal_breaker_open_processes", labels=(), values=[1.0])])
print("saved", flush=True)
sys.stdin.read()
"""


@contextmanager
def process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that has counted three and lives until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "saved\n"
        yield child
        child.send_signal(signal.SIGKILL)


def total(folder: Path, name: str = ACCEPTED.name) -> float:
    rows = summed(row for each in files.read(folder) for row in each.rows)
    return sum(row.values[0] for row in rows if row.name == name)


def test_counts_of_a_killed_process_stay_and_its_gauges_go(tmp_path: Path) -> None:
    with process(tmp_path), process(tmp_path):
        assert (total(tmp_path), total(tmp_path, BREAKER.name)) == (6, 2)
        assert [each.is_alive for each in files.read(tmp_path)] == [False, True, True]

    assert (total(tmp_path), total(tmp_path, BREAKER.name)) == (6, 0)
    files.merge_gone(tmp_path)
    files.merge_gone(tmp_path)
    assert (total(tmp_path), list(tmp_path.glob("*.counts"))) == (6, [])


def test_living_process_is_not_merged(tmp_path: Path) -> None:
    with process(tmp_path):
        files.merge_gone(tmp_path)

        assert len(list(tmp_path.glob("*.counts"))) == 1
        assert total(tmp_path) == 3


def test_merge_that_was_killed_before_it_removed_files_counts_nobody_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with process(tmp_path):
        pass
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda *_args, **_kwargs: None)
        files.merge_gone(tmp_path)

    assert (len(list(tmp_path.glob("*.counts"))), total(tmp_path)) == (1, 3)
    files.merge_gone(tmp_path)
    assert (list(tmp_path.glob("*.counts")), total(tmp_path)) == ([], 3)


def test_file_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "door-1-x.counts").write_bytes(b"\xc1 half a fi")

    assert total(tmp_path) == 0


def test_folder_that_is_not_there_has_no_counts(tmp_path: Path) -> None:
    assert total(tmp_path / "nowhere") == 0


def test_second_merge_at_the_same_time_does_nothing(tmp_path: Path) -> None:
    with process(tmp_path):
        pass

    with files._only_one(tmp_path):
        files.merge_gone(tmp_path)

    assert len(list(tmp_path.glob("*.counts"))) == 1


def test_rows_with_other_buckets_replace_those_of_an_older_release() -> None:
    old = Row(name="h", labels=(), values=[1.0, 1.0])
    new = Row(name="h", labels=(), values=[2.0, 2.0, 2.0])

    assert [row.values for row in summed([old, new, new])] == [[4.0, 4.0, 4.0]]
