"""How a queue is doing, and when somebody must look."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_cfg.models import ProviderQueue
from receipts.models import QueueState
from receipts.queues.health import Alarm, Health, queues
from receipts.queues.leases import Leases
from receipts.queues.wanted import wanted
from tests.receipts.queues.conftest import make_queue
from tests.smq.server import SmqServer


def ago(**parts: float) -> datetime:
    return timezone.now() - timedelta(**parts)


def only() -> Health:
    (health,) = queues()
    return health


@pytest.fixture
def state(queue: ProviderQueue) -> QueueState:
    """The queue's one place, switched on and pulled an hour ago."""
    ProviderQueue.objects.update(updated_at=ago(hours=1))
    (place,) = wanted(queue).places
    Leases().take(place)
    return QueueState.objects.get()


def note(state: QueueState, **values: object) -> None:
    QueueState.objects.filter(pk=state.pk).update(**values)


def test_queue_that_is_pulled_gives_no_alarm(state: QueueState) -> None:
    note(state, last_pulled_at=ago(minutes=4), oldest_enqueued_at=ago(minutes=50))

    assert only().alarm is Alarm.NONE
    assert only().holders == (state.holder,)


def test_queue_that_is_not_pulled_for_five_minutes_is_silent(state: QueueState) -> None:
    note(state, last_pulled_at=ago(minutes=6))

    assert only().alarm is Alarm.SILENT


def test_queue_that_was_never_pulled_is_silent(queue: ProviderQueue) -> None:
    assert only().alarm is Alarm.NONE

    ProviderQueue.objects.update(updated_at=ago(minutes=6))

    assert only().alarm is Alarm.SILENT
    assert only().last_pulled_at is None


def test_queue_with_old_messages_is_behind(state: QueueState) -> None:
    note(state, last_pulled_at=ago(seconds=1), oldest_enqueued_at=ago(minutes=61))

    assert only().alarm is Alarm.BEHIND


def test_stopped_queue_says_so_with_the_reason(state: QueueState) -> None:
    note(state, is_stopped=True, last_error="the queue …", last_error_at=ago(hours=1))

    assert only().alarm is Alarm.STOPPED
    assert only().last_error == "the queue …"


def test_shared_queue_with_several_places_is_summed_up_once(
    smq: SmqServer, state: QueueState
) -> None:
    second = make_queue(smq, "wa-second")
    ProviderQueue.objects.filter(pk=second.pk).update(consumers=2)
    Leases().take(wanted(second, 2).places[1])
    QueueState.objects.update(received=3, deleted=2, redelivered=1)

    assert [row.channel.key for row in only().rows] == ["wa-main", "wa-second"]
    assert (only().received, only().deleted, only().redelivered) == (6, 4, 2)
    assert len(only().holders) == 2


def test_newest_error_of_all_places_is_told(state: QueueState) -> None:
    note(state, last_error="older", last_error_at=ago(hours=2))
    QueueState.objects.create(
        endpoint=state.endpoint,
        queue_name=state.queue_name,
        place=1,
        last_error="newer",
        last_error_at=ago(hours=1),
    )

    assert only().last_error == "newer"


def test_error_is_present_until_the_queue_is_pulled_again(state: QueueState) -> None:
    note(state, last_error="no answer", last_error_at=ago(seconds=9))
    assert only().present_error == "no answer"

    note(state, last_pulled_at=ago(seconds=8))

    assert only().present_error == ""
    assert only().last_error == "no answer"


def test_health_of_all_queues_costs_two_queries(
    smq: SmqServer, state: QueueState
) -> None:
    make_queue(smq, "other", name="other")

    with CaptureQueriesContext(connection) as queries:
        assert len(queues()) == 2

    assert len(queries) == 2
