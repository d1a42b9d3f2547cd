"""What a killed server left behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime import leftovers

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads /proc"
)


def _make_files(folder: Path) -> list[Path]:
    names = ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432")
    files = [folder / name for name in names]
    for file in files:
        file.write_text("1\n")  # a pid that certainly lives
    return files


def test_stale_files_are_removed_though_their_pid_lives(tmp_path: Path) -> None:
    files = _make_files(tmp_path)

    leftovers.clear(tmp_path, tmp_path)

    assert not any(file.exists() for file in files)


def test_server_that_still_works_there_is_ended_first(tmp_path: Path) -> None:
    files = _make_files(tmp_path)
    # A shell that starts us in the background has us ignore this signal, and our own.
    server = subprocess.Popen(
        ["sleep", "60"],
        cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )

    leftovers.clear(tmp_path, tmp_path)

    assert server.wait(timeout=1) == -signal.SIGINT
    assert not any(file.exists() for file in files)


def test_server_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    server = subprocess.Popen(["sleep", "60"], cwd=tmp_path / "other")

    leftovers.clear(tmp_path, tmp_path)

    assert server.poll() is None
    server.kill()
    server.wait()
