"""What came by one road only shows, and nothing else does."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from receipts.models import Receipt
from receipts.processing.drain import drain
from receipts.queues import roads as module
from receipts.queues.roads import Roads, only_one_road
from tests.receipts.queues.conftest import make_callback, status

PUSH, QUEUE = "push", "queue"
HOUR = timedelta(hours=1)


@pytest.fixture
def channel(queue: ProviderQueue) -> Channel:
    """A channel whose status receipts come by both roads since last week."""
    CallbackPath.objects.create(
        channel=queue.channel, receipt_type="mt_status", path="p"
    )
    a_week_ago = timezone.now() - timedelta(days=7)
    CallbackPath.objects.update(updated_at=a_week_ago)
    ProviderQueue.objects.update(updated_at=a_week_ago)
    return queue.channel


def came(channel: Channel, message_id: str, *modes: str, ago: timedelta = HOUR) -> None:
    for mode in modes:
        make_callback(
            channel, status(message_id), mode=mode, received_at=timezone.now() - ago
        )
        drain()


def look(channel: Channel, since: datetime | None = None) -> Roads:
    return only_one_road(channel, since or timezone.now() - timedelta(days=1))


def test_receipts_are_told_apart_by_their_roads(channel: Channel) -> None:
    came(channel, "both", PUSH, QUEUE)
    came(channel, "both too", QUEUE, PUSH, PUSH)
    came(channel, "lost push", QUEUE, QUEUE)
    came(channel, "lost in the queue", PUSH, ago=20 * HOUR)

    roads = look(channel)

    assert (roads.both, roads.queue_only, roads.push_only) == (2, 1, 1)
    assert roads.newest_queue_only == [Receipt.objects.get(message_id="lost push").pk]
    assert roads.types == ("mt_status",)
    assert not roads.is_sample


@pytest.mark.parametrize("ago", [timedelta(minutes=5), timedelta(days=2)])
def test_what_is_too_new_or_too_old_is_left_out(
    channel: Channel, *, ago: timedelta
) -> None:
    came(channel, "m1", QUEUE, ago=ago)

    assert look(channel).queue_only == 0


@pytest.mark.parametrize("road", [CallbackPath, ProviderQueue])
def test_what_came_before_both_roads_were_on_is_left_out(
    channel: Channel, *, road: type[CallbackPath | ProviderQueue]
) -> None:
    came(channel, "m1", QUEUE, ago=2 * HOUR)
    road._default_manager.update(updated_at=timezone.now() - HOUR)

    assert look(channel).queue_only == 0


@pytest.mark.parametrize("road", [CallbackPath, ProviderQueue])
def test_nothing_is_compared_while_one_road_is_off(
    channel: Channel, *, road: type[CallbackPath | ProviderQueue]
) -> None:
    came(channel, "m1", PUSH)
    road._default_manager.update(is_enabled=False)

    assert look(channel).types == ()
    assert look(channel).push_only == 0


def test_path_of_any_type_is_a_road_for_every_queue(channel: Channel) -> None:
    CallbackPath.objects.update(receipt_type="any")

    assert look(channel).types == ("mt_status",)


def test_busy_channel_is_looked_at_in_samples(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OF_EACH_SLICE", 2)
    for number in range(5):
        came(channel, str(number), QUEUE)

    roads = look(channel)

    assert roads.queue_only == 2
    assert roads.is_sample


def test_look_costs_three_queries(channel: Channel) -> None:
    with CaptureQueriesContext(connection) as queries:
        look(channel)

    assert len(queries) == 3
