"""``python -m bench queue``: a portal of its own, every trial, what was seen.

``[--messages N] [--seed S] [--only speed,kills] [--keep]``. The database and the broker are
those of ``make run``: durable.
"""

import os
import platform
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from bench.faults.portal import NotReady, Portal, set_up_django
from bench.folders import own_folder


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; 0 if it went as it must."""
    asked = _parser().parse_args(arguments)
    with own_folder("queue", keep=asked.keep) as folder:
        portal = Portal(folder.path, {})
        try:
            folder.is_good = _campaign(asked, portal)
        except NotReady as exc:
            print(f"The portal did not get ready:\n{exc}")
        finally:
            portal.stop()
    return 0 if folder.is_good else 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m bench queue")
    add = parser.add_argument
    add("--messages", type=int, default=10_000, help="of the largest trials (10,000)")
    add("--seed", default="1", help="the same seed makes the same order")
    add("--only", default="", help="names of trials, such as speed,kills")
    add("--keep", action="store_true", help="keep the logs of a good run")
    return parser


def _campaign(asked: Namespace, portal: Portal) -> bool:
    os.umask(0o022)
    portal.prepare_environment()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    portal.start()
    set_up_django()
    from bench.queue import trials

    names = [name for name in asked.only.split(",") if name]
    return trials.run(portal, names, seed=asked.seed, messages=asked.messages)
