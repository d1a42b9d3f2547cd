"""P20: clocks that jump, for the web and the worker alone."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.faults.http import rows
from bench.faults.portal import Portal
from bench.faults.processes import wait_until
from bench.faults.scene import Fault, NotHere, Scene

_SOURCE = Path(__file__).with_name("hooks") / "clock.c"
_SHIFT = "clock"  # the file that says by how much
_TWO_HOURS = 2 * 3600
_WAITING = """
SELECT count(*) FROM receipts_callback JOIN channels_cfg_channel c ON c.id = channel_id
WHERE state = 'pending' AND c.key = %s
"""


@contextmanager
def shiftable(portal: Portal) -> Iterator[Mapping[str, str]]:
    """Give an environment in which clocks can be set."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise NotHere("needs a C compiler, to make clocks that can be set")
    library, shift = portal.folder / "clock.so", portal.folder / _SHIFT
    words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE)]
    subprocess.run([*words, "-ldl"], check=True)
    _set(shift, 0)
    yield {"LD_PRELOAD": str(library), "FAULTS_CLOCK": str(shift)}


def jump(scene: Scene) -> None:
    """P20: two hours ahead, two hours back, and right again."""
    shift = scene.portal.folder / _SHIFT
    rest_s = (scene.seconds - 2) / 3
    try:
        for seconds in (_TWO_HOURS, -_TWO_HOURS):
            _set(shift, seconds)
            scene.wait(rest_s)
            # What the shifted clock has dated must not wait for its own time to come.
            pending = wait_until(
                lambda: rows(_WAITING, scene.channel) == 0, within_s=10
            )
            scene.require(pending is not None, f"callbacks wait at {seconds:+} s")
    finally:
        _set(shift, 0)


def _set(shift: Path, seconds: int) -> None:
    """Write in place: the file is mapped by all whose clock it is."""
    with shift.open("r+b" if shift.exists() else "wb", buffering=0) as file:
        file.write(seconds.to_bytes(8, "little", signed=True))


FAULTS = (
    Fault(
        name="P20",
        does="clocks 2 h ahead, 2 h back",
        run=jump,
        seconds=25,
        stage=shiftable,
        in_short=False,
    ),
)
