"""P18, P19, D9 and D10: a portal that starts, or goes on, under hard conditions."""

import signal

import requests

from bench.faults.database import kept_away
from bench.faults.processes import send, wait_until
from bench.faults.scene import Fault, Scene

_SMALL_SPOOL = 400_000


def without_broker(scene: Scene) -> None:
    """P18: the portal was started with no broker to be found."""
    scene.require(scene.portal.status("healthz/ready") == 200, "not ready")
    scene.require("valkey" not in scene.portal.pids(), "there is a broker after all")
    scene.wait(scene.times(8, 4))


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
        name="D9",
        does="away, and the spool is full",
        run=full_spool,
        seconds=25,
        may_refuse=True,
        environment={"SPOOL_MAX_BYTES": str(_SMALL_SPOOL)},
        in_short=False,
    ),
    Fault(
        name="P18",
        does="started without a broker",
        run=without_broker,
        environment={"REDIS_URL": "unix:///nonexistent/valkey.sock"},
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
