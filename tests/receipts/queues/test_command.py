"""``manage.py consume_queue`` as an operator and a supervisor call it."""

import signal
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from channels_cfg.models import ProviderQueue
from receipts.models import Callback, QueueState
from receipts.queues.leases import Leases
from receipts.queues.wanted import wanted
from tests.receipts.queues.conftest import Run, make_queue, status, until
from tests.smq.server import QUEUE, SmqServer

OTHER = "Alicom-Queue-1-Other"


def once(*options: str) -> str:
    out = StringIO()
    call_command("consume_queue", "--once", *options, stdout=out)
    return out.getvalue()


def test_once_empties_every_queue_and_says_how_many_came(
    smq: SmqServer, queue: ProviderQueue
) -> None:
    smq.service.put_many(QUEUE, [status(str(n)) for n in range(40)])

    assert f"{QUEUE}: 40 messages" in once()
    assert len(smq.service.queue(QUEUE)) == 0
    assert QueueState.objects.get().deleted == 40
    assert QueueState.objects.get().holder == ""


def test_queue_of_a_name_is_pulled_alone(smq: SmqServer, queue: ProviderQueue) -> None:
    make_queue(smq, "other", name=OTHER)
    smq.service.put_many(OTHER, [status("m1")])
    smq.service.put_many(QUEUE, [status("m2")])

    once("--queue", OTHER)

    assert Callback.objects.get().channel.key == "other"
    assert len(smq.service.queue(QUEUE)) == 1


def test_name_that_no_queue_has_is_an_error(queue: ProviderQueue) -> None:
    with pytest.raises(CommandError, match="no queue nobody"):
        once("--queue", "nobody")


def test_once_leaves_a_queue_to_the_consumer_that_pulls_it(
    smq: SmqServer, queue: ProviderQueue
) -> None:
    (place,) = wanted(queue).places
    Leases().take(place)

    with pytest.raises(CommandError):
        once()

    assert smq.service.count["receive"] == 0


def test_once_tells_of_trouble_and_goes_on_with_the_others(
    smq: SmqServer, queue: ProviderQueue
) -> None:
    smq.service.drop_queue(QUEUE)
    make_queue(smq, "other", name=OTHER)
    smq.service.put_many(OTHER, [status("m1")])

    with pytest.raises(CommandError):
        once()

    assert Callback.objects.count() == 1
    assert "does not exist" in QueueState.objects.get(queue_name=QUEUE).last_error


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_ends_within_five_seconds_of_a_signal(
    smq: SmqServer, queue: ProviderQueue, run: Run, *, number: signal.Signals
) -> None:
    process = run()
    smq.service.put_many(QUEUE, [status("m1")])
    until(lambda: Callback.objects.count(), within_s=60)
    told_at = time.monotonic()

    process.send_signal(number)

    assert process.wait(10) == 0
    assert time.monotonic() - told_at < 5
    assert QueueState.objects.get().holder == ""
