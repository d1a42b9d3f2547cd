"""The fault campaign's short form: real kills, a real count, within two minutes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).parent.parent
# One of each kind: the door, the worker, the broker, the database stopped and frozen, a
# damaged spool, requests that make no sense.
_FAULTS = "P2,P4,P8,D1,D3,D11,H12"


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_or_doubled_under_faults() -> None:
    words = ["--short", "--only", _FAULTS, "--receipts", "1500"]
    done = subprocess.run(
        [sys.executable, "-m", "bench", "faults", *words],
        cwd=_CHECKOUT,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
