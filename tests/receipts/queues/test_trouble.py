"""Whatever happens while queues are emptied, nothing is lost and nothing doubled.

Small forms of what ``python -m bench queue`` shows in full size.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from bench.queue import channels
from bench.queue.bodies import Told, three_types
from bench.queue.shown import compare
from receipts.models import Callback, QuarantinedItem, QueueState
from receipts.processing.drain import drain
from tests.receipts.queues.conftest import Run, Start, until
from tests.receipts.queues.gate import Gate
from tests.smq.faults import Harm, Plan
from tests.smq.server import SmqServer

KEY = "wa-main"
TROUBLE = (
    ("receive", Harm.DROP_BEFORE, 11),
    ("receive", Harm.DROP_AFTER, 13),
    ("receive", Harm.ERROR, 17),
    ("receive", Harm.GARBAGE, 19),
    ("delete", Harm.DROP_BEFORE, 5),
    ("delete", Harm.DROP_AFTER, 7),
)


@pytest.fixture
def told(transactional_db: None, smq: SmqServer) -> list[Told]:
    """Messages of three types, in a queue each, of one channel."""
    smq.service.rules.visibility_s = 2
    told = three_types("t", 600)
    for each in told:
        smq.service.put_many(each.receipt_type, [each.body])
    channels.pull(KEY, smq.url, {name: name for name in _names(told)})
    return told


@pytest.fixture
def gate() -> Iterator[Gate]:
    # Not pytest's folder: paths of sockets must be short.
    with tempfile.TemporaryDirectory() as folder, Gate(Path(folder)) as gate:
        yield gate


def left(smq: SmqServer, told: list[Told]) -> int:
    return sum(len(smq.service.queue(name)) for name in _names(told))


def deleted(smq: SmqServer, told: list[Told]) -> int:
    return sum(smq.service.queue(name).count["deleted"] for name in _names(told))


def _names(told: list[Told]) -> set[str]:
    return {str(each.receipt_type) for each in told}


def slow_down(smq: SmqServer) -> None:
    """Let queues be emptied slowly enough to be met half empty."""
    smq.service.faults.plan(Plan("receive", Harm.SLOW, times=-1, seconds=0.15))


def assert_each_is_shown_once(server: LiveServer, told: list[Told]) -> None:
    while Callback.objects.filter(state="pending").exists():
        drain()
    assert str(compare(server.url, KEY, (each.about for each in told))) == (
        f"told {len(told)}, lost 0, doubled 0"
    )


def test_three_types_are_each_in_the_api_once_and_the_queues_are_empty(
    smq: SmqServer, told: list[Told], start: Start, live_server: LiveServer
) -> None:
    start()

    until(lambda: not left(smq, told), within_s=20)

    assert_each_is_shown_once(live_server, told)


def kill_midway(
    process: "subprocess.Popen[bytes]", smq: SmqServer, told: list[Told]
) -> None:
    before = deleted(smq, told)
    until(lambda: deleted(smq, told) > before, within_s=30)
    smq.service.keys.end_all()
    process.kill()
    process.wait()
    assert left(smq, told), "it was killed too late to be of use"
    QueueState.objects.update(lease_until=None)  # saves the 12 s until it runs out


def test_killed_consumer_in_trouble_loses_and_doubles_nothing(
    smq: SmqServer, told: list[Told], run: Run, live_server: LiveServer
) -> None:
    smq.service.queue("mt_status").put(["neither base64 nor JSON"])
    for operation, harm, every in TROUBLE:
        smq.service.faults.plan(Plan(operation, harm, times=-1, every=every))
    slow_down(smq)

    for _ in range(2):
        kill_midway(run(), smq, told)
    run()
    until(lambda: not left(smq, told), within_s=60)

    assert_each_is_shown_once(live_server, told)
    poison = QuarantinedItem.objects.values_list("item", flat=True)
    assert {bytes(item) for item in poison} == {b"neither base64 nor JSON"}


def test_nothing_is_deleted_while_postgresql_is_away_and_all_arrives_afterwards(
    smq: SmqServer, told: list[Told], run: Run, gate: Gate, live_server: LiveServer
) -> None:
    slow_down(smq)
    run(DATABASE_URL=gate.url)
    until(lambda: deleted(smq, told), within_s=30)

    gate.shut()
    time.sleep(0.5)  # what was committed may still be deleted
    before = deleted(smq, told)
    time.sleep(3)

    assert deleted(smq, told) == before < len(told)
    gate.open()
    until(lambda: not left(smq, told), within_s=60)
    assert_each_is_shown_once(live_server, told)


def test_process_ends_in_time_while_the_database_hangs(
    smq: SmqServer, told: list[Told], run: Run, gate: Gate
) -> None:
    slow_down(smq)
    process = run(DATABASE_URL=gate.url)
    until(lambda: deleted(smq, told), within_s=30)
    gate.block()
    time.sleep(1)
    told_at = time.monotonic()

    process.terminate()

    assert process.wait(10) == 0
    assert time.monotonic() - told_at < 5
