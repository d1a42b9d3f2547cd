"""P8 to P11: the broker. No push may notice, and the worker must come back."""

import signal

import redis
from kombu.exceptions import OperationalError

from bench.faults.processes import send, wait_until
from bench.faults.scene import Fault, Scene, broker
from receipts import nudge

_QUEUE = "portal"
_CONSUMES_WITHIN_S = 30


def kill(scene: Scene) -> None:
    """P8: kill -9 the broker every 3 s."""
    for _ in range(scene.times(6, 2)):
        send([scene.portal.pid("valkey")], signal.SIGKILL)
        scene.wait(3)
    _require_consuming(scene)


def freeze(scene: Scene) -> None:
    """P9: SIGSTOP the broker."""
    one = [scene.portal.pid("valkey")]
    send(one, signal.SIGSTOP)
    try:
        scene.wait(scene.times(30, 5))
    finally:
        send(one, signal.SIGCONT)
    _require_consuming(scene)


def empty(scene: Scene) -> None:
    """P10: FLUSHALL."""
    with broker() as client:
        for _ in range(scene.times(10, 4)):
            client.flushall()
            scene.wait(0.5, 1.5)
    _require_consuming(scene)


def starve(scene: Scene) -> None:
    """P11: leave the broker no memory."""
    with broker() as client:
        client.config_set("maxmemory", "1mb")
        try:
            scene.wait(scene.times(10, 5))
        finally:
            client.config_set("maxmemory", "0")
    _require_consuming(scene)


def _require_consuming(scene: Scene) -> None:
    """Send a wake-up and see that a worker takes it."""
    took = wait_until(_is_taken, within_s=_CONSUMES_WITHIN_S)
    scene.require(took is not None, "the worker consumes nothing")
    if took is not None:
        scene.note(f"worker consumes after {took:.1f} s")


def _is_taken() -> bool:
    try:
        with broker() as client:
            if not client.exists("faults:probe"):
                nudge.send_one()
                client.set("faults:probe", 1, ex=60)
            is_taken = int(client.llen(_QUEUE)) == 0
            if is_taken:
                client.delete("faults:probe")
            return is_taken
    except (redis.RedisError, OperationalError, OSError):
        return False


FAULTS = (
    Fault(name="P8", does="kill -9 the broker every 3 s", run=kill, seconds=22),
    Fault(
        name="P9", does="freeze the broker for 30 s", run=freeze, seconds=35, short=8
    ),
    Fault(name="P10", does="FLUSHALL, 10 times", run=empty),
    Fault(
        name="P11",
        does="leave the broker 1 MB, noeviction",
        run=starve,
        in_short=False,
    ),
)
