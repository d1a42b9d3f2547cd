"""PostgreSQL is stopped while queues are pulled."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults.portal import Portal
from bench.queue import channels
from bench.queue.bodies import three_types
from bench.queue.scene import Scene, Trial

_AWAY_S = 20
_BACK_WITHIN_S = 60


def stop_the_database(scene: Scene) -> None:
    """Nothing may be deleted meanwhile, and everything must arrive afterwards."""
    scene.smq.service.rules.visibility_s = 5
    told = three_types("away", scene.messages // 2)
    names = scene.fill("away", told)
    channels.pull("queue-away", scene.smq.url, names)
    scene.until(
        "a fifth is deleted",
        lambda: scene.counted(names, "deleted") >= len(told) // 5,
        within_s=60,
    )
    with _stopped(scene.portal):
        time.sleep(1)  # what was committed may still be deleted
        before, left = scene.counted(names, "deleted"), scene.left(names)
        scene.require(left, "nothing was left when the database stopped")
        time.sleep(_AWAY_S)
        deleted = scene.counted(names, "deleted") - before
    back_at = time.monotonic()
    scene.note(f"stopped for {_AWAY_S + 1} s with {left:,} left: {deleted} deleted")
    scene.require(not deleted, f"{deleted} were deleted while nothing could be kept")
    scene.until("empty", lambda: not scene.left(names), within_s=120)
    readable = scene.until_readable(["queue-away"], len(told))
    scene.note(f"all readable {readable - back_at:.1f} s after it might start again")
    scene.smq.service.rules.visibility_s = 30
    scene.compare("queue-away", told)


@contextmanager
def _stopped(portal: Portal) -> Iterator[None]:
    """Give a portal whose database was stopped at once and cannot start."""
    pid = portal.pid("postgres")
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    needed = Path(os.fsdecode(words[words.index(b"-D") + 1]), "PG_VERSION")
    hidden = needed.with_suffix(".hidden")
    needed.rename(hidden)
    try:
        os.kill(pid, signal.SIGQUIT)
        yield
    finally:
        hidden.rename(needed)


TRIALS = (
    Trial(name="away", does="PostgreSQL stopped while pulling", run=stop_the_database),
)
