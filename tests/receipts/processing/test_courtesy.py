"""Drains rest while the door is slow, and never for long."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from receipts.metering import files
from receipts.metering.catalogue import ACK
from receipts.metering.meter import Meter, Row
from receipts.processing import courtesy
from receipts.processing.courtesy import Acks, Pace

_AUTOGROUP = Path("/proc/self/autogroup")
_LOWER = """
from receipts.processing import courtesy
courtesy.lower_session()
print(open("/proc/self/autogroup").read())
"""


# What was begun by another account may look at itself only if it says so.
_DROP = """
import ctypes, os
os.setgid(65534)
os.setuid(65534)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
"""


class Door:
    """A process of the door that counts its acks on disk."""

    def __init__(self, folder: Path) -> None:
        self._meter = Meter()
        self._own = files.Own(folder, "door")

    def acknowledges(self, *seconds: float) -> None:
        for each in seconds:
            self._meter.observe(ACK, ("wa",), each)
        self._own.save(self._meter.rows())


@pytest.fixture
def door(tmp_path: Path, settings: Settings) -> Door:
    settings.METRICS_DIR = tmp_path
    return Door(tmp_path)


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch, door: Door) -> Pace:
    monkeypatch.setattr(courtesy, "_LOOK_EVERY_S", 0)
    pace = Pace()
    pace.acks()
    return pace


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ((0.6, 0.6), Acks.SLOW),
        ((0.01, 0.6), Acks.FINE),
        ((0.3, 0.3), Acks.LONG),
        ((0.3, 0.6), Acks.LONG),
        ((0.2, 0.2), Acks.FINE),
    ],
)
def test_acks_are_as_more_than_one_in_a_hundred_is(
    door: Door, pace: Pace, late: tuple[float, ...], expected: Acks
) -> None:
    door.acknowledges(*[0.01] * 98, *late)

    assert pace.acks() is expected


def test_slow_acks_of_before_are_forgotten(
    door: Door, pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "_WINDOW_S", 0)
    door.acknowledges(0.6, 0.6)
    before = pace.acks()
    door.acknowledges(*[0.01] * 98)

    assert (before, pace.acks()) == (Acks.SLOW, Acks.FINE)


def test_all_that_processes_wrote_within_the_window_counts(
    door: Door, pace: Pace, tmp_path: Path
) -> None:
    door.acknowledges(0.6, 0.6)
    before = pace.acks()
    Door(tmp_path).acknowledges(*[0.01] * 98)

    assert (before, pace.acks(), pace.acks()) == (Acks.SLOW,) * 3


def test_door_that_acknowledges_nothing_more_is_not_slow(
    door: Door, pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.acknowledges(0.6, 0.6)
    before = pace.acks()
    monkeypatch.setattr(courtesy, "_WINDOW_S", 0)

    assert (before, pace.acks()) == (Acks.SLOW, Acks.FINE)


def test_acks_between_two_drains_far_apart_do_not_count(
    door: Door, pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "_FORGET_S", 0)
    door.acknowledges(0.6, 0.6)

    assert pace.acks() is Acks.FINE


@pytest.mark.usefixtures("pace")
def test_counts_that_fall_and_come_back_are_no_acks(door: Door, tmp_path: Path) -> None:
    door.acknowledges(*[0.6] * 50)
    pace = Pace()
    pace.acks()
    (file,) = tmp_path.glob("*.counts")
    hidden = file.rename(tmp_path / "hidden")
    fallen = pace.acks()
    hidden.rename(file)

    assert (fallen, pace.acks()) == (Acks.FINE, Acks.FINE)


def test_acks_before_the_first_look_do_not_count(door: Door) -> None:
    door.acknowledges(0.6, 0.6)

    assert Pace().acks() is Acks.FINE


def test_counts_of_a_release_with_other_buckets_are_passed_over(
    door: Door, pace: Pace, tmp_path: Path
) -> None:
    other = files.Own(tmp_path, "older")
    other.save([Row(name=ACK.name, labels=("wa",), values=[1000.0, 0.0, 9.0])])
    door.acknowledges(*[0.01] * 98, 0.6, 0.6)

    assert pace.acks() is Acks.SLOW


@pytest.mark.parametrize(
    ("acks", "least", "most"), [(Acks.LONG, 0.3, 1), (Acks.FINE, 0, 0.2)]
)
def test_drain_rests_for_as_long_as_it_worked(
    pace: Pace, monkeypatch: pytest.MonkeyPatch, acks: Acks, least: float, most: float
) -> None:
    monkeypatch.setattr(pace, "acks", lambda: acks)
    monkeypatch.setattr(courtesy, "_pace", pace)

    began = time.monotonic()
    courtesy.give_way(began + 60, worked_s=0.3)

    assert least <= time.monotonic() - began < most


def test_rest_ends_with_the_time_slice(
    door: Door, pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "acks", lambda: Acks.SLOW)
    monkeypatch.setattr(courtesy, "_pace", pace)

    began = time.monotonic()
    courtesy.give_way(began + 0.3)

    assert 0.3 <= time.monotonic() - began < 1


@pytest.mark.skipif(not _AUTOGROUP.exists(), reason="this kernel shares otherwise")
@pytest.mark.parametrize(("leads", "expected"), [(True, "nice 10"), (False, "nice 0")])
def test_session_is_lowered_by_the_process_that_leads_it_and_by_no_other(
    leads: bool, expected: str
) -> None:
    # In a session of its own in any case: the one of whoever runs the tests is theirs.
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_LOWER!r}])"
    told = subprocess.run(
        [sys.executable, "-c", _LOWER if leads else code],
        check=True,
        capture_output=True,
        env=os.environ,
        start_new_session=True,
    )

    assert expected in told.stdout.decode()


@pytest.mark.skipif(not _AUTOGROUP.exists(), reason="this kernel shares otherwise")
@pytest.mark.skipif(os.getuid() != 0, reason="asks as another account")
def test_sessions_without_privileges_that_start_at_once_are_all_lowered() -> None:
    # As worker and sweep do; our files may be out of that account's reach.
    lower = _LOWER.replace("courtesy\n", f"courtesy\n{_DROP}", 1)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", lower],
            stdout=subprocess.PIPE,
            env=os.environ,
            start_new_session=True,
        )
        for _ in range(3)
    ]

    assert ["nice 10" in str(one.communicate()[0]) for one in started] == [True] * 3
