"""How fast queues are emptied, how soon a change is in force, how soon the end comes."""

import os
import signal
import time
from itertools import islice

from bench.faults.processes import wait_until
from bench.queue import channels
from bench.queue.bodies import statuses, three_types
from bench.queue.cpu import Cpu
from bench.queue.scene import Scene, Trial

_LEAST_A_SECOND = 1000
_FULL_SIZE = 10_000
_IN_FORCE_WITHIN_S = 10
_ENDS_WITHIN_S = 5


def empty_three_queues(scene: Scene) -> None:
    """Empty three queues; each message must be readable once."""
    told = three_types("speed", scene.messages)
    names = scene.fill("speed", told)
    cpu = Cpu(scene.portal)
    channels.pull("queue-speed", scene.smq.url, names)
    began = scene.until(
        "the first receive", lambda: scene.counted(names, "received"), within_s=15
    )
    empty = scene.until("empty", lambda: not scene.left(names), within_s=120)
    readable = scene.until_readable(["queue-speed"], len(told))
    rate = len(told) / (empty - began)
    scene.note(f"emptied in {empty - began:.2f} s, {rate:,.0f} messages a second")
    scene.note(f"all readable {readable - began:.2f} s after the first receive")
    scene.note(str(cpu))
    is_measured = scene.messages >= _FULL_SIZE
    scene.require(not is_measured or rate >= _LEAST_A_SECOND, f"only {rate:,.0f}/s")
    scene.compare("queue-speed", told)


def change_while_it_runs(scene: Scene) -> None:
    """Switch a queue on and off again; end the consumer while it pulls."""
    told = list(islice(statuses("change"), scene.messages))
    names = scene.fill("change", told)
    took = _switch(scene, names, is_enabled=True)
    scene.note(f"a queue switched on was pulled after {took:.1f} s")
    pid = scene.portal.pid("queue")
    told_at = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    ended = scene.until(
        "the end",
        lambda: scene.portal.pids().get("queue") != pid,
        within_s=_ENDS_WITHIN_S,
    )
    scene.note(f"ended {ended - told_at:.1f} s after SIGTERM")
    scene.until("empty", lambda: not scene.left(names), within_s=120)
    scene.until_readable(["queue-change"], len(told))
    took = _switch(scene, names, is_enabled=False)
    scene.note(f"a queue switched off was last asked after {took:.1f} s")
    scene.compare("queue-change", told)


def _switch(scene: Scene, names: dict[str, str], *, is_enabled: bool) -> float:
    """Return how long the consumer took to follow."""
    changed_at = time.monotonic()
    channels.pull("queue-change", scene.smq.url, names, is_enabled=is_enabled)
    (queue,) = (scene.smq.service.queue(name) for name in names.values())
    if is_enabled:
        at = scene.until(
            "the first receive", lambda: queue.count["received"], within_s=15
        )
        scene.require(at - changed_at < _IN_FORCE_WITHIN_S, "switched on too late")
        return at - changed_at
    asked_at = changed_at
    while wait_until(lambda: queue.asked_at > asked_at, within_s=8) is not None:  # noqa: B023
        asked_at = queue.asked_at
        if asked_at - changed_at > _IN_FORCE_WITHIN_S:
            scene.require(False, "a queue that is switched off is still asked")
            break
    return asked_at - changed_at


TRIALS = (
    Trial(name="speed", does="three queues, all three types", run=empty_three_queues),
    Trial(name="change", does="a queue on and off, SIGTERM", run=change_while_it_runs),
)
