"""The whole portal as ``make run`` starts it: end to end, under a backlog, at rest."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from urllib.request import Request, urlopen

import msgspec
import psycopg

from bench import web
from bench.cluster import CHECKOUT, folder
from bench.drainsteps import Done
from bench.faults.processes import children, name_of, tree
from bench.figures import Spread
from bench.load import Wish, blocks
from bench.stack import DOOR_PATH, run_python
from bench.web import Web, cpu_seconds, pss_kib
from portal.runtime import postgres
from portal.runtime.layout import Layout

_PENDING = "SELECT count(*) FROM receipts_callback WHERE state = 'pending'"
_READY_WITHIN_S = 180
_PER_PUSH = 20


class Whole:
    """A running portal, with everything of its own."""

    def __init__(self, served: Web, data: Path) -> None:
        self.web = served
        self.data = data
        own = Layout(data)
        sockets = own.postgres_sockets or data
        address = postgres.url(sockets, own.secret("database_password") or "")
        # Opened once: to connect at each look would take a tenth of the machine.
        self._looking = psycopg.connect(address, autocommit=True)
        self.env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "DATA_DIR": str(data),
            "PYTHONPATH": str(CHECKOUT),
        }
        run_python(self.env, "-m", "bench.dataset", "0")
        told = run_python(
            self.env,
            *("manage.py", "apitoken", "create", f"bench-{time.time():.0f}"),
            *("--scopes", "receipts:read,pii:read"),
        )
        self._bearer = {"Authorization": f"Bearer {told.split()[-1]}"}
        time.sleep(6)  # until the door knows the channels

    def pending(self) -> int:
        """Return how many callbacks wait to be read."""
        row = self._looking.execute(_PENDING).fetchone()
        return int(row[0]) if row else 0

    def get(self, path: str) -> tuple[bytes, float]:
        """Ask the API; return the answer and how many seconds it took."""
        url = f"http://127.0.0.1:{self.web.port}/api/v1/{path}"
        began = time.perf_counter()
        with urlopen(Request(url, headers=self._bearer), timeout=10) as answer:
            return answer.read(), time.perf_counter() - began

    def step(self, *arguments: str) -> Done:
        """Run a step of the drain's measurement on its database."""
        told = run_python(self.env, "-m", "bench.drainsteps", *arguments)
        return msgspec.json.decode(told.splitlines()[-1], type=Done)

    def wait_drained(self) -> None:
        """Wait until nothing is pending."""
        while self.pending():
            time.sleep(0.1)

    def close(self) -> None:
        """Look no more."""
        self._looking.close()


@contextmanager
def portal() -> Iterator[Whole]:
    """Run the portal in the block, with PostgreSQL, Valkey and edge of its own."""
    data = folder() / "whole"
    shutil.rmtree(data, ignore_errors=True)  # an earlier run's, which would be full
    port = web.free_port()
    env = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder()),
        "DATA_DIR": str(data),
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "portal.runtime.up", "--end-with-parent"]
    with (folder() / "whole.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=env, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_ready(process, folder() / "whole.log")
        served = Web(name="portal", pid=process.pid, port=port, path=DOOR_PATH)
        with closing(Whole(served, data)) as whole:
            yield whole
    finally:
        process.terminate()
        process.wait(120)


def _wait_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while "is ready at" not in (said := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > until:
            raise web.NotStarted(said[-500:])
        time.sleep(0.2)


class Footprint(msgspec.Struct, kw_only=True):
    """Memory of each process in MiB (PSS), and what they use of a core, in per cent."""

    memory: dict[str, float]
    total: float
    cpu: float


def footprint(whole: Whole, seconds: float) -> Footprint:
    """Look at every process for some seconds."""
    pids = tree(whole.web.pid)
    before = {pid: cpu_seconds(pid) for pid in pids}
    time.sleep(seconds)
    used = sum(cpu_seconds(pid) - before[pid] for pid in pids)
    memory: dict[str, float] = {"supervisor": pss_kib(whole.web.pid) / 1024}
    for service in children(whole.web.pid):
        name = name_of(service) or str(service)
        memory[name] = sum(map(pss_kib, tree(service))) / 1024
    return Footprint(
        memory=memory, total=sum(memory.values()), cpu=used / seconds * 100
    )


def end_to_end(whole: Whole, receipts: int) -> float:
    """Return receipts a second from the first push to the last one seen in the API."""
    began = time.perf_counter()
    pushes = receipts // _PER_PUSH
    start = int(time.time()) * 10_000_000
    wish = Wish(items=_PER_PUSH, pushes=pushes, start=start, is_told_on=True)
    whole.web.push(wish)
    block, _ = next(islice(blocks(), pushes - 1, None))
    last = f"61{start + (block + 1) * _PER_PUSH - 1:018}"
    while (
        whole.pending()
        or last.encode() not in whole.get(f"messages/?message_id={last}")[0]
    ):
        time.sleep(0.05)
    return receipts / (time.perf_counter() - began)


class UnderLoad(msgspec.Struct, kw_only=True):
    """How acks went while much else was done; times in milliseconds."""

    acks: Spread
    refused: int
    left: int  # callbacks that still waited at the end
    timelines: Spread | None = None
    drained_s: float | None = None


def under_backlog(
    whole: Whole, rate: float, receipts: int, seconds: float
) -> UnderLoad:
    """Push at ``rate`` a second while a backlog drains."""
    whole.step("fill", str(receipts))
    wish = Wish(
        items=1,
        seconds=seconds,
        rate=rate,
        connections=64,
        start=int(time.time()) * 10_000_000,
    )
    pushed = whole.web.push(wish)
    left = whole.pending()
    whole.wait_drained()
    return UnderLoad(
        acks=Spread.of(pushed.acks), refused=_refused(pushed.statuses), left=left
    )


def burst(whole: Whole, pushes: int, items: int) -> UnderLoad:
    """Push very much at once, and look at a timeline meanwhile."""
    looked: list[float] = []
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(whole, looked, over))
    looking.start()
    began = time.perf_counter()
    start = int(time.time()) * 10_000_000
    pushed = whole.web.push(Wish(items=items, pushes=pushes, start=start))
    left = whole.pending()
    whole.wait_drained()
    drained_s = time.perf_counter() - began
    over.set()
    looking.join()
    return UnderLoad(
        acks=Spread.of(pushed.acks),
        refused=_refused(pushed.statuses),
        left=left,
        timelines=Spread.of(looked) if looked else None,
        drained_s=drained_s,
    )


def _look(whole: Whole, looked: list[float], over: threading.Event) -> None:
    page = msgspec.json.decode(whole.get("conversations/?page_size=1")[0])
    one = page["results"][0]["id"]
    while not over.wait(0.2):
        looked.append(whole.get(f"conversations/{one}/timeline/")[1] * 1000)


def _refused(statuses: Mapping[int, int]) -> int:
    return sum(n for status, n in statuses.items() if status != 200)
