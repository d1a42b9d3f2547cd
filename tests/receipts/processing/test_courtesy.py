"""Drains rest while the door is slow, and never for long."""

import time
from pathlib import Path

import pytest
from pytest_django import Settings

from receipts.metering import files
from receipts.metering.catalogue import ACK
from receipts.metering.meter import Meter
from receipts.processing import courtesy
from receipts.processing.courtesy import Pace


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
    pace.is_slow()
    return pace


def test_two_slow_acks_of_a_hundred_are_slow(door: Door, pace: Pace) -> None:
    door.acknowledges(*[0.01] * 98, 0.6, 0.6)

    assert pace.is_slow()


def test_one_slow_ack_of_a_hundred_is_not(door: Door, pace: Pace) -> None:
    door.acknowledges(*[0.01] * 99, 0.6)

    assert not pace.is_slow()


def test_slow_acks_of_before_are_forgotten(door: Door, pace: Pace) -> None:
    door.acknowledges(0.6, 0.6)

    assert [pace.is_slow(), pace.is_slow()] == [True, False]


def test_acks_before_the_first_look_do_not_count(door: Door) -> None:
    door.acknowledges(0.6, 0.6)

    assert not Pace().is_slow()


def test_acks_that_take_long_are_not_slow_yet(door: Door, pace: Pace) -> None:
    door.acknowledges(*[0.01] * 98, 0.3, 0.3)

    assert (pace.is_long(), pace.is_slow()) == (True, False)


@pytest.mark.parametrize(
    ("is_long", "least", "most"), [(True, 0.3, 1), (False, 0, 0.2)]
)
def test_drain_rests_for_as_long_as_it_worked(
    pace: Pace,
    monkeypatch: pytest.MonkeyPatch,
    is_long: bool,
    least: float,
    most: float,
) -> None:
    monkeypatch.setattr(pace, "is_long", lambda: is_long)
    monkeypatch.setattr(courtesy, "_pace", pace)

    began = time.monotonic()
    courtesy.give_way(began + 60, worked_s=0.3)

    assert least <= time.monotonic() - began < most


def test_rest_ends_with_the_time_slice(
    door: Door, pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "is_slow", lambda: True)
    monkeypatch.setattr(courtesy, "_pace", pace)

    began = time.monotonic()
    courtesy.give_way(began + 0.3)

    assert 0.3 <= time.monotonic() - began < 1
