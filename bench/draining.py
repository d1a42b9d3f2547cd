"""How fast the drain folds, beside COPY of the same rows: the limit."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from bench.cluster import CHECKOUT
from bench.drainsteps import Done
from bench.figures import Spread
from bench.stack import run_python, steps_log


class Drained(msgspec.Struct, kw_only=True):
    """Receipts a second."""

    receipts: int  # of one round
    one: Spread
    two: Spread
    repeats: Spread
    copy: Spread
    share_of_copy: Spread  # of two workers, as two cores get them; round by round
    share_of_one: Spread
    cpu_us: Spread  # of Python, a receipt
    backend_us: Spread  # of the server's process, a receipt
    copy_us: Spread  # of the server's process that copies, a receipt


def measure(env: Mapping[str, str], receipts: int, rounds: int) -> Drained:
    """Drain and COPY in turns on a database that this empties."""
    seen: dict[str, list[float]] = {}

    def note(name: str, value: float) -> float:
        seen.setdefault(name, []).append(value)
        return value

    for _ in range(rounds):
        step(env, "clear")
        step(env, "fill", str(receipts))
        rate, cpu, worked = drain(env, 1)
        note("one", rate)
        note("cpu", cpu)
        note("backend", worked)
        copied = step(env, "copy")
        limit = note("copy", copied.items / copied.seconds)
        note("share_of_one", rate / limit)
        note("copy_us", copied.backend * 1_000_000 / max(1, copied.items))
        step(env, "again")
        note("repeats", drain(env, 1)[0])
        step(env, "clear")
        step(env, "fill", str(receipts))
        note("share", note("two", drain(env, 2)[0]) / limit)
    return Drained(
        receipts=receipts,
        one=Spread.of(seen["one"]),
        two=Spread.of(seen["two"]),
        repeats=Spread.of(seen["repeats"]),
        copy=Spread.of(seen["copy"]),
        share_of_copy=Spread.of(seen["share"]),
        share_of_one=Spread.of(seen["share_of_one"]),
        cpu_us=Spread.of(seen["cpu"]),
        backend_us=Spread.of(seen["backend"]),
        copy_us=Spread.of(seen["copy_us"]),
    )


def growth(
    small: Mapping[str, str], large: Mapping[str, str], receipts: int, rounds: int
) -> Spread:
    """Return the drain's rate on a full database, as a share of that on an empty one."""
    shares = []
    for _ in range(rounds):
        rates = []
        for env in (small, large):
            step(env, "clear")
            step(env, "fill", str(receipts))
            rates.append(drain(env, 1)[0])
        shares.append(rates[1] / rates[0])
    step(large, "clear")
    return Spread.of(shares)


def step(env: Mapping[str, str], *arguments: str) -> Done:
    """Run one step to its end."""
    told = run_python(env, "-m", "bench.drainsteps", *arguments)
    return msgspec.json.decode(told.splitlines()[-1], type=Done)


class Rate(NamedTuple):
    """Receipts a second, and what one costs: of Python and of the server, in µs."""

    rate: float
    cpu_us: float
    backend_us: float


def drain(env: Mapping[str, str], workers: int) -> Rate:
    """Drain with some processes at once."""
    running = [_start(env) for _ in range(workers)]
    for process in running:
        assert process.stdout is not None  # noqa: S101  # tells the type
        while process.stdout.readline().strip() != "ready":
            if process.poll() is not None:
                raise SystemExit("A drain did not start.")
    done = _finish(running)
    items = sum(one.items for one in done)
    ended = max(one.began + one.seconds for one in done)
    seconds = ended - min(one.began for one in done)
    each = 1_000_000 / max(1, items)
    return Rate(
        items / seconds,
        sum(one.cpu for one in done) * each,
        sum(one.backend for one in done) * each,
    )


def _start(env: Mapping[str, str]) -> "subprocess.Popen[str]":
    with steps_log() as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bench.drainsteps", "drain"],
            cwd=CHECKOUT,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _finish(running: Sequence["subprocess.Popen[str]"]) -> list[Done]:
    for process in running:
        assert process.stdin is not None  # noqa: S101  # tells the type
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in running]
    return [msgspec.json.decode(text.splitlines()[-1], type=Done) for text in told]
