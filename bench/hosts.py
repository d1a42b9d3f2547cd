"""``python -m bench hosts``: two hosts on one PostgreSQL and one Valkey; one is killed.

Each host has its own data directory, edge, door, console, worker, beat, sweep and queue
consumer, as ``make run`` starts them. Both doors are pushed to; after some time every
process of one host is killed at once; later it comes back. What was acknowledged must
be visible at the other, once; one beat is at work at any time.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from time import sleep

import psycopg

from bench.faults.processes import wait_until
from bench.folders import own_folder
from bench.pushes import CHANNEL, Pushes, told, visible, wait_visible
from bench.shared import Host, rehearsal, say

# The lock of portal/beat.py.
_BEATS = (
    "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objid = 1650811252"
)


def main(arguments: Sequence[str]) -> int:
    """Rehearse; 0 if nothing was lost."""
    asked = _parser().parse_args(arguments)
    with own_folder("hosts") as folder, rehearsal(folder.path) as shared:
        hosts = [shared.host(name) for name in ("one", "two")]
        database = shared.environment["DATABASE_URL"]
        folder.is_good = _rehearse(hosts, database, asked.seconds)
    return 0 if folder.is_good else 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m bench hosts")
    words = "seconds of load before, during and after the loss of a host (20)"
    parser.add_argument("--seconds", type=float, default=20.0, help=words)
    return parser


def _rehearse(hosts: Sequence[Host], database: str, seconds: float) -> bool:
    one, two = hosts
    say(f"host one ready after {one.start():.1f} s")
    say(f"host two ready after {two.start():.1f} s")
    one.manage("channels", "apply", "-", text=CHANNEL)
    token = one.token()
    sleep(6)  # routes are in force within 5 s
    beats = [_beats(database)]
    pushes = Pushes([one.url, two.url], each_s=0.15)
    pushes.start()
    sleep(seconds)
    say(f"killed {one.kill()} processes of host one")
    sleep(seconds)
    took = wait_until(lambda: _beats(database) == 1, within_s=60)
    beats.append(_beats(database))
    say(f"one beat at work {'at once' if not took else f'after {took:.0f} s more'}")
    say(f"host one is back after {one.start():.1f} s")
    sleep(seconds)
    pushes.end()
    beats.append(_beats(database))
    caught_up = wait_visible(two.url, token, set(pushes.acknowledged), 60)
    say(f"all visible after {caught_up or 60:.0f} s; beats at work {beats}")
    lines, is_good = told(pushes, visible(one.url, token))
    for line in lines:
        say(line)
    work = [f"{host.name} {host.said('callbacks_read')}" for host in hosts]
    say(f"batches told of in the logs: {', '.join(work)}")
    return is_good and beats == [1, 1, 1]


def _beats(database: str) -> int:
    with psycopg.connect(database) as opened:
        row = opened.execute(_BEATS).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
