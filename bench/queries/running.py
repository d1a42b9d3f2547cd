"""All queries at one size, one after the other, to a file and a table."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from django.conf import settings

from bench.queries.known import known
from bench.queries.measured import Measured
from bench.queries.measuring import asker, measure
from bench.queries.registry import GOALS_MS, queries


def main(arguments: Sequence[str]) -> int:
    """Measure: ``FILE RUNS [WORD]``, those with WORD in their path or kind."""
    file, runs, word = arguments[0], int(arguments[1]), "".join(arguments[2:3])
    logging.disable(logging.ERROR)
    settings.API_REQUESTS_PER_MINUTE = settings.API_USER_SEARCHES_PER_MINUTE = 10**9
    settings.ALLOWED_HOSTS = ["testserver"]
    ask, values = asker(), known()
    found = []
    for query in queries():
        if word in query.path or word == query.kind:
            found.append(measure(ask, query, values, runs))
            if sys.stdout.isatty() or word:
                print(line(found[-1]), flush=True)
    Path(file).write_bytes(msgspec.json.encode(found))
    print(f"{len(found)} queries, {sum(one.is_reached for one in found)} within goal")
    return 0


def line(one: Measured) -> str:
    """Return one query as a line of a table."""
    mark = "ok " if one.is_reached else "NOT"
    odd = {status: n for status, n in one.answers.items() if status != 200}
    return (
        f"{mark} {one.least:8.1f} {one.p50:8.1f} {one.p95:8.1f} of {GOALS_MS[one.kind]:6.0f} ms "
        f"cpu {one.cpu_p95:6.1f} {one.statements:3} st {one.whole_p50:7.1f} ms whole  {one.path} "
        f"{odd or ''} {' '.join(one.scans)}"
    )
