"""P4 to P7, P12 and P14 to P17: worker, sweep and beat, and callbacks that kill them."""

import json
import signal
import subprocess
import sys
from uuid import uuid4

import requests

from bench.faults.processes import send, wait_until
from bench.faults.scene import Fault, Scene, database

# Neighbours of a poison that raises, and of one that takes its process with it.
_SOON_S, _LATER_S = 5, 60


def kill_the_worker(scene: Scene) -> None:
    """P4: kill -9 the Celery worker with its children every 3 s."""
    for _ in range(scene.times(5, 2)):
        send(scene.portal.whole("worker"), signal.SIGKILL)
        scene.wait(3)


def kill_a_child(scene: Scene) -> None:
    """P5: kill -9 a child of the worker's pool."""
    for _ in range(scene.times(8, 3)):
        pool = scene.portal.workers("worker")
        if pool:
            send([scene.random.choice(pool)], signal.SIGKILL)
        scene.wait(1, 2)


def kill_the_sweep(scene: Scene) -> None:
    """P6: kill -9 the sweep; it must be back within 5 s."""
    for _ in range(scene.times(3, 2)):
        before = scene.portal.pid("sweep")
        send([before], signal.SIGKILL)
        took = wait_until(
            lambda: scene.portal.pids().get("sweep") not in (None, before),  # noqa: B023
            within_s=5,
        )
        scene.require(took is not None, "the sweep was not back within 5 s")
        scene.wait(0.5, 1)


def two_beats(scene: Scene) -> None:
    """P7: kill -9 beat, and start a second one beside it."""
    send([scene.portal.pid("beat")], signal.SIGKILL)
    schedule = scene.portal.folder / "second-beat"
    second = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "--quiet", "-A", "portal", "beat"),
            *("--schedule", str(schedule), "--pidfile="),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    scene.wait(scene.times(10, 5))
    second.kill()
    second.wait()
    scene.require(scene.portal.pids().get("beat"), "beat was not started again")


def freeze_the_worker(scene: Scene) -> None:
    """P12: freeze the worker and its children; what they held must be read by others."""
    frozen = scene.portal.whole("worker")
    send(frozen, signal.SIGSTOP)
    try:
        scene.wait(scene.times(60, 6))
    finally:
        send(frozen, signal.SIGCONT)


def poison(scene: Scene, effect: str) -> None:
    """Push a callback whose reading does ``effect``, and see in the end what it became."""
    mark = f"fault-poison:{effect}"
    body = json.dumps([{"MessageId": uuid4().hex, "Status": "Read", "x": mark}])
    for _ in range(scene.times(2, 1)):
        answer = requests.post(scene.door, data=body, timeout=3)
        scene.require(answer.status_code == 200, "the poison was not acknowledged")
        scene.wait(1, 2)

    def is_set_aside() -> str:
        return _fate_of(mark)

    scene.later.append(is_set_aside)


def _fate_of(mark: str) -> str:
    with database() as connection:
        found = connection.execute(
            "SELECT state, attempts FROM receipts_callback "
            "WHERE position(%s::bytea IN body) > 0",
            [mark.encode()],
        ).fetchall()
    if not found or any(state != "failed" for state, _ in found):
        return f"{mark} ended {found}"
    return ""


FAULTS = (
    Fault(
        name="P4",
        does="kill -9 the worker every 3 s",
        run=kill_the_worker,
        seconds=18,
    ),
    Fault(name="P5", does="kill -9 a pool child, 8 times", run=kill_a_child),
    Fault(name="P6", does="kill -9 the sweep, 3 times", run=kill_the_sweep),
    Fault(name="P7", does="kill -9 beat, two beats", run=two_beats, in_short=False),
    Fault(
        name="P12",
        does="freeze the worker for 60 s",
        run=freeze_the_worker,
        seconds=65,
        short=8,
    ),
)
# Each is tried for minutes, and holds up the readers now and then: they come last.
POISONS = (
    Fault(
        name="P14",
        does="poison: the reader raises",
        run=lambda scene: poison(scene, "raise"),
        lag_s=_SOON_S,
    ),
    Fault(
        name="P15",
        does="poison: the reader aborts",
        run=lambda scene: poison(scene, "abort"),
        lag_s=_LATER_S,
        in_short=False,
    ),
    Fault(
        name="P16",
        does="poison: the reader eats all memory",
        run=lambda scene: poison(scene, "eat"),
        lag_s=_LATER_S,
        in_short=False,
    ),
    Fault(
        name="P17",
        does="poison: the reader never ends",
        run=lambda scene: poison(scene, "sleep"),
        lag_s=_LATER_S,
        catch_up_s=120,
        in_short=False,
    ),
)
