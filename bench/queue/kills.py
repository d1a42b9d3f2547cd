"""kill -9 of the consumer while it drains, from a service that is in trouble."""

import os
import signal
import time

from bench.queue import channels
from bench.queue.bodies import three_types
from bench.queue.scene import Scene, Trial, count
from tests.smq.faults import Harm, Plan

_KILLS = 20
_POISONS = 20
_VISIBLE_AFTER_S = 4
_QUARANTINED = """
FROM receipts_quarantineditem q
    JOIN channels_cfg_channel ch ON ch.id = q.channel_id AND ch.key = 'queue-kills'
    JOIN receipts_callback c ON c.id = q.callback_id
"""
# Odd numbers, so that they seldom fall on the same call.
_TROUBLE = (
    ("receive", Harm.DROP_BEFORE, 23),
    ("receive", Harm.DROP_AFTER, 29),
    ("receive", Harm.ERROR, 31),
    ("receive", Harm.GARBAGE, 37),
    ("delete", Harm.DROP_BEFORE, 13),
    ("delete", Harm.DROP_AFTER, 11),
    ("delete", Harm.ERROR, 41),
)


def kill_again_and_again(scene: Scene) -> None:
    """Kill the consumer twenty times between the first and the last message."""
    service = scene.smq.service
    service.rules.visibility_s = _VISIBLE_AFTER_S
    told = three_types("kills", scene.messages)
    names = scene.fill("kills", told)
    poison = [f"neither base64 nor JSON {n}" for n in range(_POISONS)]
    service.queue(names["mt_status"]).put(poison)
    for operation, harm, every in _TROUBLE:
        service.faults.plan(Plan(operation, harm, times=-1, every=every))
    total = scene.left(names)
    began = time.monotonic()
    channels.pull("queue-kills", scene.smq.url, names)
    _disturb(scene, names, total)
    ended = scene.until("empty", lambda: not scene.left(names), within_s=300)
    service.faults.clear()
    service.rules.visibility_s = 30
    _tell(scene, names, ended - began)
    scene.until_readable(["queue-kills"], len(told))
    scene.until_all_is_read()
    scene.compare("queue-kills", told)
    _look_at_the_poison(scene)


def _disturb(scene: Scene, names: dict[str, str], total: int) -> None:
    """Let the keys end and kill the consumer, in turns, all through the drain."""
    killed = ended = 0
    for number in range(1, 2 * _KILLS + 1):
        mark = total * number // (2 * _KILLS + 2)
        scene.until(
            f"{mark} are deleted",
            lambda: scene.counted(names, "deleted") >= mark,  # noqa: B023
            within_s=120,
        )
        if number % 2:
            scene.smq.service.keys.end_all()
            ended += 1
        elif scene.left(names):
            time.sleep(scene.random.uniform(0, 0.05))
            os.kill(scene.portal.pid("queue"), signal.SIGKILL)
            killed += 1
    scene.note(f"killed {killed} times, keys ended {ended} times")
    scene.require(killed == _KILLS, f"killed only {killed} times while draining")


def _tell(scene: Scene, names: dict[str, str], took_s: float) -> None:
    counts = {
        what: scene.counted(names, what)
        for what in ("received", "redelivered", "deleted", "undeleted")
    }
    said = ", ".join(f"{what} {count:,}" for what, count in counts.items())
    scene.note(f"{said}; calls denied {scene.smq.service.count['denied']:,}")
    scene.note(f"took {took_s:.0f} s")


def _look_at_the_poison(scene: Scene) -> None:
    entries = count(f"SELECT count(*) {_QUARANTINED}")
    poisons = count(f"SELECT count(DISTINCT c.body) {_QUARANTINED}")
    scene.note(f"poison: {poisons} of {_POISONS} in quarantine, {entries} entries")
    scene.require(poisons == _POISONS, "not every poison is in quarantine")


TRIALS = (
    Trial(
        name="kills",
        does="kill -9 20 times, keys end, connections drop, 500s, garbage, poison",
        run=kill_again_and_again,
    ),
)
