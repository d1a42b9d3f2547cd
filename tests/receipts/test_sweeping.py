"""The sweep finds what nobody was woken for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_cfg.models import Channel
from receipts.models import Callback, Conversation, Message, Receipt, ReceiptCount
from receipts.partitioning import CUTS, ensure_partitions, partition_name, start_of
from receipts.sweeping import sweep_once
from tests.receipts.processing.orders import kept

ITEM: dict[str, object] = {
    "MessageId": "m1",
    "From": "861",
    "To": "861380",
    "Status": "Sent",
}


@pytest.mark.parametrize(("age_s", "drained"), [(1, 0), (3, 1)])
def test_sweep_leaves_the_youngest_to_the_worker(
    channel: Channel, age_s: int, drained: int
) -> None:
    (callback,) = kept(channel, [ITEM])
    callback.received_at = timezone.now() - timedelta(seconds=age_s)
    callback.save(force_insert=True)

    assert sweep_once()["callbacks"] == drained
    assert Receipt.objects.count() == drained


def test_sweep_sums_the_counts_and_their_total_stays(channel: Channel) -> None:
    for place in range(4):
        item = {**ITEM, "MessageId": f"m{place}"}
        Callback.objects.bulk_create(kept(channel, [item]))
        sweep_once()

    counts = list(ReceiptCount.objects.values_list("n", flat=True))

    assert counts == [4]
    assert Message.objects.count() == 4


def test_sweep_points_rows_of_a_merged_conversation_at_the_survivor(
    channel: Channel,
) -> None:
    user = {**ITEM, "MessageId": "m2", "To": "", "FromUserId": "DE.abc1"}
    both = {**ITEM, "MessageId": "m3", "FromUserId": "DE.abc1"}
    for item in (ITEM, user, both):
        Callback.objects.bulk_create(kept(channel, [item]))
        sweep_once()
    sweep_once()

    survivor = Conversation.objects.get(merged_into=None)
    merged = Conversation.objects.get(merged_into=survivor)
    named = set(Receipt.objects.values_list("conversation_id", flat=True))
    assert named == {survivor.pk}
    assert set(Message.objects.values_list("conversation_id", flat=True)) == named
    assert (merged.is_settled, survivor.messages) == (True, 3)


def test_partitions_are_made_ahead_once(transactional_db: None) -> None:
    now = timezone.now()
    ensure_partitions(now)

    assert ensure_partitions(now) == []
    names = [partition_name(cut, start_of(cut.step, now)) for cut in CUTS]
    assert all(name.startswith("receipts_") for name in names)
