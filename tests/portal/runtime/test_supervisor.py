"""Services are started in order, restarted, and stopped in reverse."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.runtime.output import Output
from portal.runtime.problems import Impossible
from portal.runtime.service import Service
from portal.runtime.supervisor import Supervisor

SLEEP = ("sleep", "60")


@pytest.fixture
def supervisor(capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Supervisor]:
    """A supervisor that is stopped in the end."""
    output = Output()
    one = Supervisor(output)
    yield one
    one.stop()
    one.close()
    output.close()


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_higher_tier_starts_when_the_lower_one_is_ready(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    low = ("sh", "-c", f"sleep 0.3; touch {mark}; sleep 60")
    high = ("sh", "-c", f"test -e {mark} && sleep 60")

    supervisor.start(
        [
            Service(name="high", command=high, tier=2),
            Service(name="low", command=low, tier=1, is_ready=mark.exists),
        ]
    )
    supervisor.wait_until(lambda: False, within_s=0.3)

    assert sorted(supervisor.pids()) == ["high", "low"]


def test_service_that_never_gets_ready_is_said(supervisor: Supervisor) -> None:
    never = Service(
        name="never", command=SLEEP, tier=1, is_ready=lambda: False, ready_within_s=0.2
    )

    with pytest.raises(Impossible, match="never was not ready"):
        supervisor.start([never])


def test_killed_service_is_started_again(supervisor: Supervisor) -> None:
    supervisor.start([Service(name="one", command=SLEEP, tier=1)])
    first = supervisor.pids()["one"]

    os.kill(first, signal.SIGKILL)

    assert supervisor.wait_until(
        lambda: supervisor.pids().get("one", first) != first, within_s=5
    )


def test_service_that_dies_at_once_waits_longer_each_time(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    command = ("sh", "-c", f"date +%s.%N >> {starts}")

    supervisor.start([Service(name="one", command=command, tier=1)])
    supervisor.wait_until(
        lambda: starts.exists() and len(starts.read_text().split()) == 3, within_s=10
    )

    first, second, third = map(float, starts.read_text().split())
    assert 0.9 < second - first < 1.9
    assert 1.9 < third - second < 3.5


def test_what_a_dead_service_had_started_is_ended_with_it(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    command = ("sh", "-c", f"sleep 60 & echo $! > {note}; wait")
    supervisor.start(
        [Service(name="one", command=command, tier=1, is_ready=note.exists)]
    )
    supervisor.wait_until(lambda: bool(note.read_text()), within_s=5)
    grandchild = int(note.read_text())

    os.kill(supervisor.pids()["one"], signal.SIGKILL)

    assert supervisor.wait_until(lambda: not _is_alive(grandchild), within_s=5)


def test_stop_ends_the_highest_tier_first(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    ends = tmp_path / "ends"
    services = [
        Service(
            name=name,
            command=("sh", "-c", f"trap 'echo {name} >> {ends}; exit' TERM; {_WAIT}"),
            tier=tier,
        )
        for tier, name in enumerate(("store", "web", "edge"))
    ]
    supervisor.start(services)
    supervisor.wait_until(lambda: False, within_s=0.3)

    supervisor.stop()

    assert ends.read_text().split() == ["edge", "web", "store"]


def test_service_that_ignores_the_stop_is_killed(supervisor: Supervisor) -> None:
    deaf = ("sh", "-c", f"trap '' TERM; {_WAIT}")
    supervisor.start([Service(name="deaf", command=deaf, tier=1, stop_within_s=0.3)])
    supervisor.wait_until(lambda: False, within_s=0.3)
    pid = supervisor.pids()["deaf"]
    began = time.monotonic()

    supervisor.stop()

    assert time.monotonic() - began < 3
    assert not _is_alive(pid)


def test_lines_are_passed_on_with_the_name(
    supervisor: Supervisor, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    command = ("sh", "-c", "echo hello; echo hushed >&2; sleep 60")
    service = Service(name="one", command=command, tier=1, hushed=(b"hushed",))

    supervisor.start([service])
    supervisor.wait_until(lambda: False, within_s=0.5)

    assert capfdbinary.readouterr().out == b"one     | hello\n"


def test_children_of_a_killed_supervisor_die_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import time; from portal.runtime import child;"
        f"p = child.start(['sleep', '60']); open({str(note)!r}, 'w').write(str(p.pid));"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    while not note.exists() or not note.read_text():
        time.sleep(0.05)

    parent.kill()
    parent.wait()
    time.sleep(0.3)

    assert not _is_alive(int(note.read_text()))


_WAIT = "while :; do sleep 0.05; done"
