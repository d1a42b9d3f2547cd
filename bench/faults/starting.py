"""P18, P19 and D10: a portal that starts, or goes on, under hard conditions."""

import signal

from bench.faults.database import kept_away
from bench.faults.processes import send
from bench.faults.scene import Fault, Scene, started_with


def without_broker(scene: Scene) -> None:
    """P18: the portal was started with no broker to be found."""
    scene.require(scene.portal.status("healthz/ready") == 200, "not ready")
    scene.require("valkey" not in scene.portal.pids(), "there is a broker after all")
    scene.wait(scene.times(8, 4))


def kill_while_spooling(scene: Scene) -> None:
    """D10: kill -9 the door's workers while they write to the spool."""
    with kept_away(scene):
        for _ in range(scene.times(12, 4)):
            workers = scene.portal.workers("door")
            if workers:
                send([scene.random.choice(workers)], signal.SIGKILL)
            scene.wait(0.8, 1.6)


def without_spool(scene: Scene) -> None:
    """P19: a spool directory that cannot be written stops the start."""
    portal = scene.portal
    portal.stop()
    blocked = portal.folder / "a-file"
    blocked.touch()
    portal.launch({"SPOOL_DIR": str(blocked / "spool")})
    status = portal.wait_ended(60)
    said = [line for line in portal.said()[-12:] if "SPOOL_DIR" in line]
    scene.require(status not in (0, None), f"it ended with status {status}")
    scene.require(len(said) == 1, f"{len(said)} lines name SPOOL_DIR")
    portal.stop()
    portal.start()
    scene.note(f"exit status {status}")


FAULTS = (
    Fault(
        name="D10",
        does="away, and kill -9 door workers as they spool",
        run=kill_while_spooling,
        seconds=22,
        may_refuse=True,
        may_be_late=True,
        in_short=False,
    ),
    Fault(
        name="P18",
        does="started without a broker",
        run=without_broker,
        stage=started_with(REDIS_URL="unix:///nonexistent/valkey.sock"),
        in_short=False,
    ),
)
REFUSED = Fault(
    name="P19",
    does="started with an unwritable spool",
    run=without_spool,
    seconds=0,
    in_short=False,
)
