"""A portal of its own for one experiment that is run by hand, and a load beside it."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from bench.faults.portal import Portal, set_up_django
from bench.folders import own_folder

if TYPE_CHECKING:
    from bench.faults.load import Result
    from bench.faults.scene import Scene
    from portal.simulator.target import Target

# Not every message of a story is told of to its end.
_RECEIPTS_A_PUSH = 1.4
_WARM_AFTER, _AT_ONCE = 200, 8  # pushes

Deed = Callable[["Scene"], None]


@contextmanager
def portal(*, keep: bool = False, **environment: str) -> Iterator[Portal]:
    """Give a portal that runs, with Django set up to look at it; stop it afterwards."""
    with own_folder("bench", keep=keep) as folder:
        one = Portal(folder.path, environment)
        one.prepare_environment()
        try:
            one.start()
            set_up_django()
            yield one
        finally:
            one.stop()
        folder.is_good = True


def played(
    one: Portal, name: str, deed: Deed, *, rate: float, seconds: float, until_s: float
) -> "Result":
    """Push ``rate`` single receipts a second to a channel of its own during ``deed``."""
    from bench.faults.load import Load
    from bench.faults.scene import Scene
    from channels_cfg.wire import ReceiptType

    goal = _known_channel(one, name)
    scene = Scene(
        portal=one,
        random=Random(name),
        is_short=False,
        channel=name,
        door=goal.door(ReceiptType.MT_STATUS).url,
        seconds=seconds,
    )
    _warm_up(scene.door)
    load = Load(
        goal,
        name,
        receipts=round(_RECEIPTS_A_PUSH * rate * seconds),
        seconds=seconds,
        largest_batch=1,
    )
    result = load.run(
        lambda: deed(scene), ledger=one.folder / f"{name}.jsonl", until_s=until_s
    )
    for problem in scene.problems:
        print(f"PROBLEM: {problem}")
    result.problems.extend(scene.problems)
    return result


def _known_channel(one: Portal, name: str) -> "Target":
    """Make a channel and wait until every door process knows its paths."""
    from django.db import connection

    from portal.simulator.access import make_channel
    from portal.simulator.target import target
    from receipts.intake.routes import REFRESH_EVERY_S

    connection.close()  # the portal may have been started again
    make_channel(name, provider="cams", channel_type="whatsapp")
    goal = target(name, one.url)
    connection.close()
    # A door that has just told strangers of this address that they ask too much may
    # still take the new path for one of theirs.
    time.sleep(REFRESH_EVERY_S + 1)
    return goal


def _warm_up(door: str) -> None:
    """Have each thread of the door import what it needs, and connect."""
    import requests

    from bench.faults.http import item

    def push(_number: int) -> None:
        requests.post(door, data=item()[1], timeout=10)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(push, range(_WARM_AFTER)))


def percentile(milliseconds: Sequence[float], share: float) -> float:
    """Return what ``share`` of the values do not exceed; 0 without any."""
    ordered = sorted(milliseconds) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def acks_between(
    result: "Result", start: datetime | None = None, end: datetime | None = None
) -> list[float]:
    """Return the milliseconds of the acknowledgements that came in a span of time."""
    return [
        each.ms
        for each in result.outcomes
        if each.is_acknowledged
        and (start is None or each.at >= start)
        and (end is None or each.at < end)
    ]


def verdict(result: "Result", **wrong: object) -> int:
    """Print what is not as it must be, by name; return the exit status."""
    difference = result.difference
    refused = sum(result.refusals.values())
    wrong = {
        "lost": len(difference.missing),
        "doubled": len(difference.doubled) + len(difference.untold),
        "messages not as told": len(difference.wrong_messages),
        "problems": len(result.problems),
        **wrong,
    }
    times = [each.at for each in result.outcomes]
    rate = len(times) / max(1.0, (max(times) - min(times)).total_seconds())
    print(f"{len(times):,} pushes, {rate:.0f}/s, {refused} not acknowledged at once")
    found = {name: value for name, value in wrong.items() if value}
    told = ", ".join(f"{name}: {value}" for name, value in found.items())
    print(f"NOT GOOD: {told}" if found else "Good: nothing lost, nothing doubled.")
    return 1 if found else 0


def arguments(prog: str, words: Sequence[str], **numbers: float) -> Namespace:
    """Read options that are numbers, with their defaults, and ``--keep``."""
    parser = ArgumentParser(prog=f"python -m bench {prog}")
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("--keep", action="store_true", help="keep logs and ledgers")
    return parser.parse_args(words)
