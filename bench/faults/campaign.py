"""``make faults``: a portal of its own, faults by a seeded schedule, one table.

``python -m bench faults [--receipts N] [--seed S] [--only P1,D3] [--short] [--planted]``
"""

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from bench.faults.planted import PLANTS
from bench.faults.portal import NotReady, Portal, set_up_django
from bench.folders import own_folder


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; 0 if it went as it must."""
    asked = _parser().parse_args(arguments)
    with own_folder("faults", keep=asked.keep) as folder:
        folder.is_good = _planted(asked) if asked.planted else _once(asked, folder.path)
    return 0 if folder.is_good else 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="make faults")
    add = parser.add_argument
    add("--receipts", type=int, default=20_000, help="over all faults (20,000)")
    add("--seed", default="1", help="the same seed makes the same schedule")
    add("--only", default="", help="names of faults, such as P1,D3")
    add("--short", action="store_true", help="the two minutes that run in CI")
    add("--planted", action="store_true", help="plant defects; each must be seen")
    add("--keep", action="store_true", help="keep logs and ledgers of a good run")
    return parser


def _once(asked: Namespace, folder: Path) -> bool:
    portal = Portal(folder, {})
    try:
        return _campaign(asked, portal)
    except NotReady as exc:
        print(f"The portal did not get ready:\n{exc}")
        return False
    finally:
        portal.stop()


def _campaign(asked: Namespace, portal: Portal) -> bool:
    os.umask(0o022)
    began = time.monotonic()
    portal.prepare_environment()
    print(f"Seed {asked.seed}; starting the portal ...", flush=True)
    portal.start()
    set_up_django()
    from bench.faults.running import Run

    is_good = Run(portal, asked).all()
    print(f"It took {time.monotonic() - began:.0f} s.")
    return is_good


def _planted(asked: Namespace) -> bool:
    """Run each plant in a process and a portal of its own; all must be seen."""
    import subprocess

    seen = []
    for plant in PLANTS:
        print(f"Planted: {plant.says}.", flush=True)
        words = ["--only", plant.fault, "--seed", asked.seed, "--receipts", "4000"]
        done = subprocess.run(
            [sys.executable, "-m", "bench", "faults", *words],
            env={**os.environ, **plant.environment, "FAULTS_UNSAFE": "1"},
            check=False,
            capture_output=True,
            text=True,
        )
        print(done.stdout, done.stderr, flush=True)
        is_seen = "NOT GOOD" in done.stdout
        print(
            "Seen.\n" if is_seen else "NOT SEEN: the campaign is blind.\n", flush=True
        )
        seen.append(is_seen)
    return all(seen)
