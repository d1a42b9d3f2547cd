"""P1, P2, P3 and P13: the processes that take pushes."""

import signal

from bench.faults.processes import send, wait_until
from bench.faults.scene import Fault, Scene

_ROLLED_WITHIN_S = 40


def kill_a_worker(scene: Scene) -> None:
    """P1: kill -9 one of the door's workers, again and again.

    granian gives up, to be started anew, when one dies twice within 5.5 s.
    """
    for _ in range(scene.times(10, 2)):
        workers = scene.portal.workers("door")
        if workers:
            send([scene.random.choice(workers)], signal.SIGKILL)
        scene.wait(6, 7)


def kill_the_door(scene: Scene) -> None:
    """P2: kill -9 the door's master and all its workers; its supervisor starts it again."""
    before = scene.portal.pid("door")
    send(scene.portal.whole("door"), signal.SIGKILL)
    took = wait_until(
        lambda: scene.portal.pids().get("door") not in (None, before), within_s=15
    )
    scene.require(took is not None, "the door was not started again")
    wait_until(lambda: scene.portal.status("healthz/ingest") == 200, within_s=15)


def rolling_restart(scene: Scene) -> None:
    """P3: new processes for door and console, one after the other, under load."""
    for _ in range(scene.times(6, 1)):
        roll(scene)
        scene.wait(0.2, 0.6)


def roll(scene: Scene) -> None:
    """Have new processes take over, and wait until the old ones are gone."""
    before = _workers(scene)
    scene.portal.reload()
    took = wait_until(lambda: not before & _workers(scene), within_s=_ROLLED_WITHIN_S)
    scene.require(took is not None, "old workers stayed")


def _workers(scene: Scene) -> set[int]:
    return {*scene.portal.workers("door"), *scene.portal.workers("web")}


def freeze_a_worker(scene: Scene) -> None:
    """P13: freeze one of the door's workers."""
    one = [scene.random.choice(scene.portal.workers("door"))]
    send(one, signal.SIGSTOP)
    try:
        scene.wait(scene.times(10, 5))
    finally:
        send(one, signal.SIGCONT)


FAULTS = (
    Fault(
        name="P1",
        does="kill -9 a door worker, 10 times",
        run=kill_a_worker,
        seconds=68,
        short=15,
        may_refuse=True,
        may_be_late=True,
    ),
    Fault(
        name="P2",
        does="kill -9 the whole door",
        run=kill_the_door,
        may_refuse=True,
        may_be_late=True,
    ),
    Fault(
        name="P3",
        does="rolling restart of the web, 6 times",
        run=rolling_restart,
        seconds=80,
        short=15,
    ),
    Fault(
        name="P13",
        does="freeze a door worker for 10 s",
        run=freeze_a_worker,
        may_refuse=True,
        may_be_late=True,
        in_short=False,
    ),
)
