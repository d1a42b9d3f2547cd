"""All queries on one data set, in a process of its own."""

import tempfile
from pathlib import Path

import msgspec

from bench.datasets import environment
from bench.queries.measured import Measured
from bench.stack import run_python


def measure(address: str, runs: int) -> list[Measured]:
    """Measure every query of the registry ``runs`` times."""
    env = environment(address)
    run_python(env, "manage.py", "migrate", "-v", "0")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "queries.json"
        run_python(env, "-m", "bench.queries", str(file), str(runs))
        return msgspec.json.decode(file.read_bytes(), type=list[Measured])
