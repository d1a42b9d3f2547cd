"""D8, D9 and D11: volumes that run full, and a spool that is damaged."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import requests
from django.core.management import CommandError, call_command

from bench.faults.database import await_database, kept_away
from bench.faults.http import is_readable
from bench.faults.portal import Portal
from bench.faults.processes import wait_until
from bench.faults.scene import Fault, NotHere, Scene, database, started_with
from portal.runtime.layout import Layout
from receipts.spool import SpoolError, health
from receipts.spool.store import spool

_MIB = 1024 * 1024
_PLENTY = 2 * 1024 * _MIB
_ROOM = 96 * _MIB  # beside what the cluster takes already
_SMALL_SPOOL = 400_000
_ASIDE = "-aside"
_PIECE = b" " * _MIB
_MOST = 4096  # pieces; our volume is far smaller


@contextmanager
def small_volume(portal: Portal) -> Iterator[Mapping[str, str]]:
    """Put the cluster of a stopped portal on a small volume of its own."""
    if os.geteuid() != 0:
        raise NotHere("needs root, to mount a volume")
    data = _cluster(portal)
    aside = data.with_name(f"{data.name}{_ASIDE}")
    data.rename(aside)
    size = _size(aside) + _ROOM
    data.mkdir(mode=0o700)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(data))
    except NotHere:
        data.rmdir()
        aside.rename(data)
        raise
    try:
        _copy(aside, data)
        yield {}
        shutil.rmtree(aside)
        _copy(data, aside)
    finally:
        _run("umount", str(data))
        data.rmdir()
        aside.rename(data)


def _cluster(portal: Portal) -> Path:
    layout = Layout(portal.data)
    note = layout.cluster_note
    folder = Path(note.read_text().strip()) if note.exists() else layout.root
    found = [path.parent for path in folder.glob("pg*/PG_VERSION")]
    (data,) = (each for each in found if not each.name.endswith(_ASIDE))
    return data


def _size(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files)


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and permissions, also of the folder itself."""
    target.mkdir(mode=0o700, exist_ok=True)
    _run("cp", "-a", f"{source}/.", str(target))


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(f"{words[0]}: {done.stderr.strip()}")


def fill_the_database(scene: Scene) -> None:
    """D8: the volume of the database runs full; it stops, and starts when there is room."""
    data = _cluster(scene.portal)
    before = scene.portal.lines("PANIC")
    _fill(data / "ballast")
    took = wait_until(lambda: _wants_more_log(scene, before), within_s=20)
    scene.require(took is not None, "no PANIC in the server's log")
    scene.wait(scene.times(10, 5))
    _run("mount", "-o", f"remount,size={_PLENTY}", str(data))
    (data / "ballast").unlink()
    await_database(scene)


def _fill(ballast: Path) -> None:
    if not ballast.parent.is_mount():
        raise NotHere(
            f"{ballast.parent} is no volume of our own: it must not be filled"
        )
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        for _ in range(_MOST):
            file.write(_PIECE)


def _wants_more_log(scene: Scene, before: int) -> bool:
    with suppress(psycopg.Error), database() as connection:
        for _ in range(100):
            connection.execute("SELECT pg_logical_emit_message(true, 'x', 'y')")
            connection.execute("SELECT pg_switch_wal()")
    return scene.portal.lines("PANIC") > before


def full_spool(scene: Scene) -> None:
    """D9: the database is away, and the spool takes no more."""
    with kept_away(scene):
        took = wait_until(lambda: _push_padding(scene) == 503, within_s=scene.seconds)
        scene.require(took is not None, "the spool did not fill")
        closed = wait_until(
            lambda: scene.portal.status("healthz/ingest") == 503, within_s=8
        )
        scene.require(closed is not None, "health does not tell that it is full")
    took = wait_until(lambda: scene.portal.status("healthz/ingest") == 200, within_s=60)
    scene.require(took is not None, "health does not tell that all is well again")


def _push_padding(scene: Scene) -> int:
    body = b"[" + b" " * 30_000 + b"]"
    return requests.post(scene.door, data=body, timeout=5).status_code


def flip_a_byte(scene: Scene) -> None:
    """D11: a byte flips in a spool file: that row is set aside, the others are loaded."""
    about = f"flipped-{uuid4().hex}"
    told = {"MessageId": about, "Status": "Read", "To": "8613800000001"}
    body = json.dumps([{**told, "padding": about * 1000}]).encode()
    with kept_away(scene):
        wait_until(lambda: _spooled() > 0, within_s=10)
        answer = requests.post(scene.door, data=body, timeout=5)
        scene.require(answer.status_code == 200, f"spooled with {answer.status_code}")
        scene.wait(2)  # SQLite's log is in the main file by then
        where = _flip(about)
    took = wait_until(lambda: "rows that cannot be loaded" in _told(), within_s=60)
    scene.require(took is not None, "nobody tells of the row that was set aside")
    where.flip()
    took = wait_until(_is_loaded_again, within_s=20)
    scene.require(took is not None, "it cannot be loaded after the mend")
    scene.require(is_readable(about), "its receipt is not readable after the mend")


class _Place:
    """One byte of a file."""

    def __init__(self, path: Path, offset: int) -> None:
        self._path, self._offset = path, offset

    def flip(self) -> None:
        """Turn one bit of it over."""
        with self._path.open("r+b", buffering=0) as file:
            file.seek(self._offset)
            (byte,) = file.read(1)
            file.seek(self._offset)
            file.write(bytes([byte ^ 1]))
            os.fsync(file.fileno())


def _flip(about: str) -> _Place:
    for file in spool().files():
        # In the midst of the padding: no page there is written again for another row.
        places = file.path.read_bytes().split(about.encode())
        if len(places) > 500:
            offset = sum(map(len, places[:400])) + 400 * len(about) - 1
            place = _Place(file.path, offset)
            place.flip()
            return place
    raise LookupError("the push is in no spool file")


def _spooled() -> int:
    return health.waiting() or 0


def _told() -> list[str]:
    with suppress(SpoolError):
        return health.complaints(health.state())
    return []


def _is_loaded_again() -> bool:
    with suppress(CommandError):
        call_command("spool", "drain", "--retry-aside", stdout=io.StringIO())
        return not _told()
    return False


FAULTS = (
    Fault(
        name="D11",
        does="away, and a byte of the spool flips",
        run=flip_a_byte,
    ),
    Fault(
        name="D9",
        does="away, and the spool is full",
        run=full_spool,
        seconds=25,
        may_refuse=True,
        stage=started_with(SPOOL_MAX_BYTES=str(_SMALL_SPOOL)),
        in_short=False,
    ),
    Fault(
        name="D8",
        does="its volume runs full",
        run=fill_the_database,
        seconds=25,
        stage=small_volume,
        in_short=False,
    ),
)
