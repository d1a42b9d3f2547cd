"""The lease of a process that died ends with it; that of one that lives does not."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from channels_cfg.models import Channel
from portal.runtime.config import CHECKOUT
from receipts.models import Callback
from receipts.processing import claiming, holders
from receipts.sweeping import sweep_once
from tests.receipts.processing.orders import kept

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads /proc"
)
_CODE = """
from receipts.processing.holders import make_token
print(make_token(), flush=True)
input()
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    """Another process, which prints a token of its own and waits."""
    with subprocess.Popen(
        [sys.executable, "-c", _CODE],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        yield started
        started.kill()


def _token(process: "subprocess.Popen[str]") -> UUID:
    assert process.stdout is not None
    return UUID(process.stdout.readline().strip())


def _leased(channel: Channel, token: UUID, attempts: int = 1) -> Callback:
    (callback,) = kept(channel, [{"MessageId": "m", "To": "861", "Status": "Sent"}])
    callback.lease_token, callback.attempts = token, attempts
    callback.lease_until = timezone.now() + timedelta(minutes=1)
    callback.received_at = timezone.now() - timedelta(seconds=5)
    callback.save(force_insert=True)
    return callback


def test_token_tells_whether_its_process_lives(
    process: "subprocess.Popen[str]",
) -> None:
    token = _token(process)

    assert not holders.is_dead(token)
    process.kill()
    process.wait()
    assert holders.is_dead(token)


def test_process_that_nobody_has_buried_is_dead(
    process: "subprocess.Popen[str]",
) -> None:
    token = _token(process)
    process.kill()
    subprocess.run(["/bin/sleep", "0.2"], check=True)

    assert process.returncode is None
    assert holders.is_dead(token)


def test_tokens_are_never_the_same_and_our_own_are_alive() -> None:
    tokens = {holders.make_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert not any(map(holders.is_dead, tokens))


def test_token_of_another_machine_is_left_alone() -> None:
    assert not holders.is_dead(uuid4())


@pytest.mark.django_db
def test_callback_of_a_dead_reader_is_left_to_a_worker_and_then_swept(
    channel: Channel, process: "subprocess.Popen[str]"
) -> None:
    callback = _leased(channel, _token(process))
    process.kill()
    process.wait()

    first, second = sweep_once(), sweep_once()

    callback.refresh_from_db()
    assert (first["callbacks"], second["callbacks"]) == (0, 1)
    assert callback.state == "done"


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "is_alive"), [(1, True), (3, False)])
def test_lease_goes_on_while_its_reader_lives_and_after_many_deaths(
    channel: Channel,
    process: "subprocess.Popen[str]",
    attempts: int,
    is_alive: bool,
) -> None:
    callback = _leased(channel, _token(process), attempts)
    if not is_alive:
        process.kill()
        process.wait()

    assert claiming.free_dead() == 0
    callback.refresh_from_db()
    assert callback.state == "pending"
