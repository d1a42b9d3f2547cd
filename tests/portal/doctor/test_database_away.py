"""``manage.py doctor`` where there is no database, as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime.config import CHECKOUT


def doctor(folder: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run it on a data directory of its own."""
    return subprocess.run(
        [sys.executable, str(CHECKOUT / "manage.py"), "doctor"],
        env={"PATH": os.defpath, "DATA_DIR": str(folder), "PORT": "9", **env},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({}, "no database is known"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, "does not answer: "),
    ],
)
def test_database_away_is_told_once_and_the_rest_is_looked_at(
    tmp_path: Path, env: dict[str, str], says: str
) -> None:
    done = doctor(tmp_path, SECRET_KEY="x" * 60, REDIS_URL="redis://127.0.0.1:9", **env)

    assert done.returncode == 1
    assert f"trouble  database    {says}" in done.stdout
    assert "not looked at while the database is away" in done.stdout
    assert "ok       disk" in done.stdout
    assert "Traceback" not in done.stderr
