"""Disks of this host: room for the data and for the spool."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portal.doctor.finding import Finding, look, ok, trouble

_GIB = 1024**3
_LEAST_SHARE = 0.1  # as the alert on disk space has it by default


def examine() -> Iterator[Finding]:
    """Look at the file systems of ``DATA_DIR`` and ``SPOOL_DIR``."""
    for name, folder in (
        ("DATA_DIR", settings.DATA_DIR),
        ("SPOOL_DIR", settings.SPOOL_DIR),
    ):
        yield _of(name, _nearest(folder))


def _of(name: str, folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    share = usage.free / max(usage.total, 1)
    says = f"{name}: {usage.free / _GIB:.1f} GiB free, {share:.0%}"
    if share < _LEAST_SHARE or usage.free < _GIB:
        return trouble(
            says, "Make room: shorter retention, a larger disk, old backups elsewhere."
        )
    if name == "SPOOL_DIR" and usage.free < settings.SPOOL_MAX_BYTES:
        return look(says, "Less than SPOOL_MAX_BYTES: make room, or lower that.")
    return ok(says)


def _nearest(folder: Path) -> Path:
    """Return ``folder``, or where it would be made."""
    while not folder.exists():
        folder = folder.parent
    return folder
