"""Which queues are pulled, and for whom."""

import pytest

from channels_cfg.models import Channel, ProviderQueue, QueueAccount
from channels_cfg.pulling import QueueError
from receipts.queues.wanted import QueueName, Wanted, load
from tests.receipts.queues.conftest import make_queue
from tests.smq.server import QUEUE, SmqServer


def only() -> Wanted:
    (wanted,) = load().values()
    return wanted


def test_shared_queue_is_one_and_the_oldest_channels(
    smq: SmqServer, queue: ProviderQueue
) -> None:
    second = make_queue(smq, "wa-second")
    second.consumers = 4
    second.save()

    assert only().channel_id == queue.channel_id
    assert only().name == QueueName(smq.url, QUEUE)
    assert len(only().places) == 4


def test_endpoint_is_one_in_any_spelling(smq: SmqServer, queue: ProviderQueue) -> None:
    make_queue(smq, "wa-second")
    QueueAccount.objects.filter(channel=queue.channel).update(
        queue_endpoint=smq.url.upper().replace("HTTP", "http") + "/"
    )

    assert len(load()) == 1


@pytest.mark.parametrize("off", ["queue", "channel", "account"])
def test_queue_that_is_off_is_not_pulled(queue: ProviderQueue, *, off: str) -> None:
    if off == "queue":
        ProviderQueue.objects.update(is_enabled=False)
    elif off == "channel":
        Channel.objects.update(is_active=False)
    else:
        QueueAccount.objects.all().delete()

    assert load() == {}


def test_shared_queue_stays_when_the_oldest_channel_leaves(
    smq: SmqServer, queue: ProviderQueue
) -> None:
    second = make_queue(smq, "wa-second")
    Channel.objects.filter(pk=queue.channel_id).update(is_active=False)

    assert only().channel_id == second.channel_id


def test_change_of_a_secret_is_a_change_of_the_queue(queue: ProviderQueue) -> None:
    before = only()
    assert before == only()

    account = QueueAccount.objects.get()
    account.access_key_secrets = type(account.access_key_secrets)(("new",))
    account.save()

    assert before != only()


@pytest.mark.parametrize("provider", ["8x8", "gone"])
def test_provider_without_queues_says_so_when_pulled(
    queue: ProviderQueue, *, provider: str
) -> None:
    Channel.objects.update(provider=provider)
    opened = only().open()

    with pytest.raises(QueueError, match=f"no queues of {provider}") as raised:
        opened.client()

    assert raised.value.is_configuration
    assert opened.token_expires_at is None
