"""This host's spool, copied while it is in use, and put back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from receipts.spool import folder as folders


def copy(source: Path, target: Path) -> int:
    """Copy every file of a spool, whole; returns how many."""
    if not source.is_dir():
        return 0
    files = folders.sound_files(source)
    damaged = folders.damaged_files(source)
    if files or damaged:
        target.mkdir(mode=0o700)
    for path in files:
        _copy_sound(path, target / path.name)
    for path in damaged:
        # No database any more: its bytes are what there is, with its markers.
        for part in source.glob(f"{path.stem}.*"):
            shutil.copy2(part, target / part.name)
    return len(files) + len(damaged)


def _copy_sound(path: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copied,
    ):
        source.backup(copied)
    target.chmod(0o600)


def put_back(source: Path, target: Path) -> int:
    """Put the files of a copied spool beside what is there; returns how many."""
    if not source.is_dir():
        return 0
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = sorted(source.iterdir())
    with folders.alone(target):
        for path in files:
            if not (target / path.name).exists():
                shutil.copy2(path, target / path.name)
        folders.sync(target)
    return sum(path.suffix == ".sqlite3" for path in files)
