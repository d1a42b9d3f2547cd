"""Counting never hurts who counts."""

import os
from pathlib import Path

import pytest
from pytest_django import Settings

from receipts.metering import files
from receipts.metering.catalogue import ACCEPTED, ACK
from receipts.metering.keeping import Keeper
from receipts.metering.meter import OTHERS, Meter


@pytest.fixture
def keeper(tmp_path: Path, settings: Settings) -> Keeper:
    """A keeper with a folder of its own."""
    settings.METRICS_DIR = tmp_path / "metrics"
    settings.PROCESS = "door"
    return Keeper()


def test_counts_are_written_for_others_to_read(keeper: Keeper, tmp_path: Path) -> None:
    keeper.meter.add(ACCEPTED, ("wa", "spool"), 2)
    keeper.save()

    (_gone, own) = files.read(tmp_path / "metrics")

    assert (own.process, own.is_alive) == ("door", True)
    assert [(row.labels, row.values) for row in own.rows] == [(("wa", "spool"), [2.0])]


def test_counts_that_have_not_changed_are_not_written_again(
    keeper: Keeper, tmp_path: Path
) -> None:
    keeper.meter.add(ACCEPTED, ("wa", "database"), 1)
    keeper.save()
    (file,) = (tmp_path / "metrics").glob("*.counts")
    before = file.stat().st_ino
    keeper.save()
    unchanged = file.stat().st_ino
    keeper.meter.add(ACCEPTED, ("wa", "database"), 1)
    keeper.save()

    assert unchanged == before != file.stat().st_ino


def test_counts_that_somebody_removed_are_written_again(
    keeper: Keeper, tmp_path: Path
) -> None:
    keeper.save()
    (file,) = (tmp_path / "metrics").glob("*.counts")
    file.unlink()
    keeper.save()

    assert file.exists()


def test_folder_that_takes_nothing_is_no_trouble(
    keeper: Keeper, tmp_path: Path
) -> None:
    (tmp_path / "metrics").write_text("a file where the folder should be")

    keeper.meter.add(ACCEPTED, ("wa", "spool"), 2)
    keeper.save()
    keeper.save()

    assert keeper.meter.rows()[0].values == [2.0]


def test_forked_child_counts_from_nothing_and_leaves_its_parents_file(
    keeper: Keeper, tmp_path: Path
) -> None:
    keeper.meter.add(ACCEPTED, ("wa", "spool"), 2)
    keeper.save()
    inherited = os.dup(keeper._own._lock)  # type: ignore[union-attr]  # it was saved

    keeper.start_afresh()

    assert keeper.meter.rows() == []
    os.close(inherited)
    assert [each.is_alive for each in files.read(tmp_path / "metrics")][1:] == [False]


def test_value_on_a_bound_falls_into_its_bucket() -> None:
    meter = Meter()
    for value in (0.005, 0.0051, 3.0, 99.0):
        meter.observe(ACK, ("wa",), value)

    (row,) = meter.rows()

    assert (row.values[0], row.values[1], row.values[-2]) == (1, 1, 1)
    assert row.values[ACK.bounds.index(3.0)] == 1
    assert row.values[-1] == pytest.approx(102.0101)


def test_labels_without_end_count_together() -> None:
    meter = Meter()
    for number in range(2000):
        meter.add(ACCEPTED, (str(number), "database"), 1)

    rows = {row.labels: row.values[0] for row in meter.rows()}

    assert len(rows) == 501
    assert rows[OTHERS, OTHERS] == 1500
