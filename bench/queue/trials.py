"""Which trials there are, and one run of them."""

import time
from collections.abc import Sequence
from random import Random

from django.db import connection

from bench.faults import audit
from bench.faults.portal import Portal
from bench.queue import away, kills, shared, speed
from bench.queue.scene import Scene, Trial
from tests.smq.server import SmqServer

TRIALS = (*speed.TRIALS, *shared.TRIALS, *away.TRIALS, *kills.TRIALS)


def run(portal: Portal, names: Sequence[str], *, seed: str, messages: int) -> bool:
    """Run the trials of these names, or all; say whether all is well."""
    is_good = True
    for trial in TRIALS:
        if not names or trial.name in names:
            is_good &= _one(portal, trial, seed=seed, messages=messages)
    complaints = list(audit.complaints(portal.url, {}))
    connection.close()
    for complaint in complaints:
        print(f"NOT GOOD: {complaint}")
    return is_good and not complaints


def _one(portal: Portal, trial: Trial, *, seed: str, messages: int) -> bool:
    print(f"\n{trial.name}: {trial.does}", flush=True)
    began = time.monotonic()
    with SmqServer() as smq:  # its own: no trial takes over another one's queues
        scene = Scene(
            portal=portal,
            smq=smq,
            random=Random(f"{seed} {trial.name}"),
            messages=messages,
        )
        trial.run(scene)
    for note in scene.notes:
        print(f"  {note}")
    for problem in scene.problems:
        print(f"  NOT GOOD: {problem}")
    print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    return not scene.problems
