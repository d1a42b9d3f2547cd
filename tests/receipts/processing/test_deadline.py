"""A reader that never returns takes its process with it, and nothing else does."""

import signal
import subprocess
import sys

_READ = """
import time
from receipts.processing import deadline
deadline.READ_AT_MOST_S = 0.2
{arm}
with deadline.reading():
    try:
        time.sleep({seconds})
    except BaseException:
        time.sleep({seconds})
time.sleep(0.3)
"""


def read_for(seconds: float, arm: str = "deadline.arm()") -> int:
    """Return how a process ends that reads for so long."""
    code = _READ.format(seconds=seconds, arm=arm)
    return subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_reading_that_never_ends_is_ended_with_its_process() -> None:
    assert read_for(30) == -signal.SIGALRM


def test_reading_in_time_is_left_alone() -> None:
    assert read_for(0.01) == 0


def test_process_that_does_more_than_drain_is_never_ended() -> None:
    assert read_for(0.5, arm="") == 0
