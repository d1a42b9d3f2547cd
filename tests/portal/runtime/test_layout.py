"""What lies in a data directory."""

import stat
from pathlib import Path

import pytest

from portal import places
from portal.runtime import layout as layouts
from portal.runtime.layout import Layout
from portal.runtime.problems import Impossible


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A prepared data directory whose sockets lie beside it."""
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    return layouts.prepare(tmp_path / "data")


def test_secrets_are_made_once_and_are_ours_alone(layout: Layout) -> None:
    layouts.make_secrets(layout)
    first = layout.secret("secret_key")
    layouts.make_secrets(layout)

    assert layout.secret("secret_key") == first
    for file in (layout.root / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_addresses_are_known_once_sockets_and_password_are_there(
    layout: Layout,
) -> None:
    assert places.database_url(layout) is None

    layouts.make_secrets(layout)

    url = places.database_url(layout)
    assert url is not None
    assert url.endswith(f"?host={layout.postgres_sockets}")


def test_unprepared_data_directory_knows_no_address(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "nothing")

    assert places.database_url(layout) is None
    assert places.redis_url(layout) is None


def test_socket_folder_that_is_a_link_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = layouts.socket_folder(tmp_path / "data")
    (folder / "pg").rmdir()
    folder.rmdir()
    folder.symlink_to(tmp_path)

    with pytest.raises(Impossible, match="is not ours"):
        layouts.socket_folder(tmp_path / "data")


def test_long_temp_folder_still_gives_short_socket_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("x" * 120)))

    folder = layouts.socket_folder(tmp_path / "data")

    assert len(f"{folder}/pg/.s.PGSQL.5432.lock") < 107
    (folder / "pg").rmdir()
    folder.rmdir()


def test_data_directory_below_a_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Impossible, match=r"cannot be written .*set DATA_DIR"):
        layouts.prepare(tmp_path / "file" / "data")


def test_secret_is_made_where_nothing_was_prepared(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "new")

    assert layout.make_secret("admin_password", "word") == "word"
    assert layout.make_secret("admin_password", "other") == "word"
    assert (tmp_path / "new" / "secrets").stat().st_mode & 0o777 == 0o700
