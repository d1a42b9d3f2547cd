"""The spool of this host as this process uses it: the file that takes, and the rest."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from receipts.spool import folder as folders
from receipts.spool.file import SpoolFile
from receipts.spool.folder import Damaged, Full, SpoolError, Unwritable


class Spool:
    """The files of one folder; safe for several threads and processes."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._files: dict[Path, SpoolFile] = {}

    def add(self, contents: Sequence[bytes]) -> None:
        """Add rows and sync them, into a new file if the old one is damaged.

        Without any it only proves that rows could be added. Raises ``SpoolError``.
        """
        try:
            self.current().add(contents)
        except Damaged:
            self.current().add(contents)

    def current(self) -> SpoolFile:
        """Return the file that takes, a new one if there is none."""
        self._leave_what_is_gone()
        try:
            with folders.alone(self.folder):
                found = folders.sound_files(self.folder)
                path = found[-1] if found else folders.create(self.folder)
        except OSError as exc:
            raise Unwritable(exc.strerror or str(exc)) from exc
        return self._file(path)

    def files(self) -> list[SpoolFile]:
        """Return all files that are not known to be damaged, oldest first."""
        self._leave_what_is_gone()
        return [self._file(path) for path in folders.sound_files(self.folder)]

    def _file(self, path: Path) -> SpoolFile:
        return self._files.setdefault(path, SpoolFile(path, self.max_bytes))

    def _leave_what_is_gone(self) -> None:
        for file in [f for f in list(self._files.values()) if not f.is_current()]:
            file.leave()
            self._files.pop(file.path, None)


def spool() -> Spool:
    """Return the spool of ``SPOOL_DIR``."""
    # A connection to SQLite must not be carried into a forked process.
    return _spool(settings.SPOOL_DIR, settings.SPOOL_MAX_BYTES, os.getpid())


@lru_cache(maxsize=4)
def _spool(folder: Path, max_bytes: int, _pid: int) -> Spool:
    return Spool(folder, max_bytes)


def check_writable() -> None:
    """Raise ``Unwritable``, in one sentence, unless the spool can be written now."""
    here = spool()
    if reason := _why_not(here):
        raise Unwritable(
            f"The spool in {here.folder} cannot be written ({reason}): set SPOOL_DIR "
            "to a folder that this user may write to."
        )


def _why_not(here: Spool) -> str:
    try:
        here.add([])
    except Full:
        # Full of callbacks is no reason: they go out by themselves.
        is_ours = here.current().contents().bytes * 2 > here.max_bytes
        return "" if is_ours else "the disk is full"
    except SpoolError as exc:
        return str(exc)
    return ""
