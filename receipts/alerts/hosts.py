"""What this host's sweep notes of it: its spool and its disks."""

import shutil
import socket
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from receipts.alerts.models import HostState
from receipts.spool import health
from receipts.spool.folder import SpoolError


def name() -> str:
    """Return what tells this host, and the portal's place on it, from others."""
    return f"{socket.gethostname()}:{settings.SPOOL_DIR}"[:300]


def note() -> None:
    """Note how this host fares."""
    HostState.objects.update_or_create(
        host=name(),
        defaults={"seen_at": timezone.now(), "disks": _disks(), **_spool()},
    )


def _spool() -> dict[str, object]:
    rows, oldest_at = 0, None
    try:
        state = health.state()
        rows, oldest_at = state.rows, state.oldest_at
        said = _complaints(state)
    except SpoolError as exc:
        said = str(exc)
    written = health.check()
    trouble = "; ".join(each for each in (said, *_unless_ok(written)) if each)
    return {
        "spool_rows": rows,
        "spool_oldest_at": oldest_at,
        "spool_trouble": trouble[:1000],
    }


def _complaints(state: health.State) -> str:
    # How long callbacks wait in it is judged by a limit of its own.
    words = [word for word in health.complaints(state) if "wait" not in word]
    return ", ".join(words)


def _unless_ok(written: str) -> list[str]:
    return [] if written == "ok" else [written]


def _disks() -> list[dict[str, object]]:
    """Return each file system once, by the first of our folders on it."""
    found: dict[int, dict[str, object]] = {}
    for folder in (settings.DATA_DIR, settings.SPOOL_DIR):
        if folder.exists():
            found.setdefault(folder.stat().st_dev, _disk(folder))
    return list(found.values())


def _disk(folder: Path) -> dict[str, object]:
    usage = shutil.disk_usage(folder)
    return {"path": str(folder), "free": usage.free, "total": usage.total}
