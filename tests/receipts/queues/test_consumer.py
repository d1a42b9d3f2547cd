"""The consumer follows the configuration, and no queue holds up another."""

import time
from collections.abc import Callable

import pytest

from channels_cfg.models import ProviderQueue, QueueAccount
from channels_cfg.secrets import Hidden, Unreadable
from receipts.models import Callback, QueueState
from receipts.queues import puller
from receipts.queues.leases import Leases
from receipts.queues.pull import Pull
from receipts.queues.wanted import wanted
from tests.receipts.queues.conftest import Start, make_queue, status, until
from tests.smq.faults import Harm, Plan
from tests.smq.server import ACCESS_KEY_SECRET, QUEUE, SmqServer

OTHER = "Alicom-Queue-1-ChatAppInbound"


def is_drained(smq: SmqServer, name: str = QUEUE) -> bool:
    return len(smq.service.queue(name)) == 0


def state() -> QueueState:
    return QueueState.objects.get()


def test_queue_that_is_switched_on_while_running_is_pulled(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    ProviderQueue.objects.update(is_enabled=False)
    smq.service.put_many(QUEUE, [status("m1")])
    start()
    time.sleep(0.5)
    assert smq.service.count["receive"] == 0

    ProviderQueue.objects.update(is_enabled=True)

    until(lambda: is_drained(smq))
    assert Callback.objects.count() == 1


def test_queue_of_a_channel_that_is_switched_off_is_left(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    start()
    until(lambda: smq.service.count["receive"])

    queue.channel.is_active = False
    queue.channel.save()

    until(lambda: state().holder == "")
    smq.service.put_many(QUEUE, [status("m1")])
    time.sleep(0.5)
    assert not is_drained(smq)


def test_broken_queue_does_not_slow_another(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    broken = make_queue(smq, "broken", name=OTHER)
    QueueAccount.objects.filter(channel=broken.channel).update(
        token_endpoint="http://127.0.0.1:1", queue_endpoint="http://127.0.0.1:1"
    )
    smq.service.put_many(QUEUE, [status(str(n)) for n in range(200)])

    start()

    until(lambda: is_drained(smq), within_s=5)
    until(lambda: QueueState.objects.get(queue_name=OTHER).last_error)


def test_refused_key_stops_the_queue_with_the_reason_and_its_fix(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    QueueAccount.objects.update(access_key_secrets=Hidden(("wrong",)))

    start()

    until(lambda: QueueState.objects.filter(is_stopped=True).exists())
    asked = smq.service.count["token"]
    assert "enter the secret that belongs" in state().last_error
    time.sleep(0.5)
    assert smq.service.count["token"] == asked


def test_stopped_queue_goes_on_when_its_configuration_changes(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    QueueAccount.objects.update(access_key_secrets=Hidden(("wrong",)))
    smq.service.put_many(QUEUE, [status("m1")])
    start()
    until(lambda: QueueState.objects.filter(is_stopped=True).exists())

    QueueAccount.objects.update(access_key_secrets=Hidden((ACCESS_KEY_SECRET,)))

    until(lambda: is_drained(smq))
    assert not state().is_stopped


def test_stopped_queue_goes_on_when_ops_say_so(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    smq.service.drop_queue(QUEUE)
    start()
    until(lambda: QueueState.objects.filter(is_stopped=True).exists())
    assert "compare with the name" in state().last_error
    smq.service.put_many(QUEUE, [status("m1")])

    QueueState.objects.update(is_stopped=False)

    until(lambda: is_drained(smq))


def test_secret_that_cannot_be_read_stops_the_queue_without_a_call(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    lost = Unreadable()
    lost.token = "of another key"
    QueueAccount.objects.update(access_key_secrets=lost)

    start()

    until(lambda: QueueState.objects.filter(is_stopped=True).exists())
    assert "FIELD_KEYS" in state().last_error
    assert smq.service.count["token"] == 0


def test_errors_are_backed_off_from_and_come_to_an_end(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    smq.service.put_many(QUEUE, [status("m1")])
    smq.service.faults.plan(Plan("receive", Harm.ERROR, times=1))

    start()
    until(lambda: QueueState.objects.exclude(last_error="").exists())
    calls = smq.service.count["receive"]
    time.sleep(0.3)

    assert smq.service.count["receive"] == calls
    until(lambda: is_drained(smq))


def test_early_empty_answers_make_no_hot_loop(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    smq.service.queue(QUEUE).poll_limit = 0

    start()
    until(lambda: smq.service.count["receive"])
    time.sleep(2)

    assert smq.service.count["receive"] <= 4


def test_many_early_empty_answers_are_told_to_ops_staff(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    smq.service.queue(QUEUE).poll_limit = 0

    start()

    told = QueueState.objects.filter(last_error__contains="answers at once")
    until(told.exists)


def test_one_consumer_of_two_pulls_a_queue(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    first, second = start(), start()

    until(lambda: smq.service.count["receive"])
    time.sleep(0.3)

    holders = {each._leases.holder for each in (first, second)}
    assert state().holder in holders
    assert smq.service.queue(QUEUE).most_polls == 1


def test_several_consumers_pull_a_queue_when_it_is_configured_so(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    ProviderQueue.objects.update(consumers=3)

    start()

    until(lambda: smq.service.queue(QUEUE).most_polls == 3)
    assert smq.service.count["token"] == 1
    assert QueueState.objects.count() == 3


def test_queue_is_taken_over_when_its_lease_ran_out(
    smq: SmqServer, queue: ProviderQueue, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("receipts.queues.leases.LEASE_S", 1.0)
    (place,) = wanted(queue).places
    assert Leases().take(place)  # by one that was killed
    smq.service.put_many(QUEUE, [status("m1")])
    started_at = time.monotonic()

    start()

    until(lambda: is_drained(smq))
    assert time.monotonic() - started_at > 0.8


def test_end_does_not_wait_for_a_long_poll(
    smq: SmqServer, queue: ProviderQueue, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(puller, "WAIT_S", 20)
    consumer = start()
    until(lambda: smq.service.queue(QUEUE).most_polls)
    told_at = time.monotonic()

    consumer.stop()

    assert time.monotonic() - told_at < 2
    assert QueueState.objects.get().holder == ""


def test_end_comes_soon_and_leaves_the_queue_to_others(
    smq: SmqServer, queue: ProviderQueue, start: Start
) -> None:
    consumer = start()
    until(lambda: smq.service.count["receive"])
    smq.service.faults.plan(Plan("*", Harm.HANG, times=-1, seconds=8))
    time.sleep(1.5)
    began_at = time.monotonic()

    consumer.stop()

    assert time.monotonic() - began_at < 4.5
    assert state().holder == ""


def test_defect_of_our_own_is_outlived(
    smq: SmqServer, queue: ProviderQueue, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Pull.turn
    defects = [ValueError("ours")]

    def fail_once(self: Pull, wait_s: int, is_late: Callable[[], bool]) -> int:
        if defects:
            raise defects.pop()
        return turn(self, wait_s, is_late)

    monkeypatch.setattr(Pull, "turn", fail_once)
    smq.service.put_many(QUEUE, [status("m1")])

    start()

    until(lambda: is_drained(smq))
