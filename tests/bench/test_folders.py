"""What is left of a run's folder."""

from contextlib import suppress

import pytest

from bench.folders import own_folder


@pytest.fixture(autouse=True)
def in_a_folder_of_the_test(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("runs")))


def test_folder_of_a_good_run_is_taken_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with own_folder("trial") as folder:
        (folder.path / "log").touch()
        folder.is_good = True

    assert not folder.path.exists()
    assert not capsys.readouterr().out


def test_folder_of_a_good_run_stays_where_it_is_wanted() -> None:
    with own_folder("trial", keep=True) as folder:
        folder.is_good = True

    assert folder.path.exists()


def test_folder_of_a_run_that_broke_off_stays_and_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with suppress(RuntimeError), own_folder("trial") as folder:
        raise RuntimeError

    assert folder.path.exists()
    assert str(folder.path) in capsys.readouterr().out
