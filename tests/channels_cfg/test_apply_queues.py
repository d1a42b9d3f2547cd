"""Queues by the channel file: one queue of several channels needs their addresses."""

import pytest
from django.core.management import CommandError

from channels_cfg.models import ProviderQueue
from tests.channels_cfg.channel_files import apply, file, one

pytestmark = pytest.mark.django_db
ACCOUNT = (
    "queue_account: {token_endpoint: 'http://127.0.0.1:1', queue_endpoint: "
    "'http://127.0.0.1:2', access_key_id: a, access_key_secret: b}"
)


def member(key: str, *addresses: str, name: str = "q1") -> str:
    queue = f"queues: {{mt_status: {{queue_name: {name}}}}}"
    written = ", ".join(f"'{each}'" for each in addresses)
    return one(f"addresses: [{written}], {queue}, {ACCOUNT}", key=key)


def test_channels_with_addresses_may_share_a_queue() -> None:
    apply(file(member("c1", "1111111"), member("c2", "2222222")))

    assert ProviderQueue.objects.filter(queue_name="q1").count() == 2


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("addresses", [[], ["2222222"]])
def test_shared_queue_without_addresses_on_each_is_refused(
    is_stored: bool, addresses: list[str]
) -> None:
    if is_stored:
        apply(file(member("c1")))
    members = [member("c2", *addresses)]

    with pytest.raises(CommandError) as refused:
        apply(file(*(members if is_stored else [member("c1"), *members])))

    place = f"channels[{0 if is_stored else 1}].queues.mt_status.queue_name"
    assert f"{place}: channel c1 pulls q1 too: both need" in str(refused.value)


def test_queue_of_another_name_or_endpoint_is_no_clash() -> None:
    elsewhere = member("c3").replace("127.0.0.1:2", "127.0.0.1:3")

    apply(file(member("c1"), member("c2", name="q2"), elsewhere))

    assert ProviderQueue.objects.count() == 3


def test_one_queue_for_two_receipt_types_is_refused() -> None:
    queues = "queues: {mt_status: {queue_name: q1}, mo_message: {queue_name: q1}}"

    with pytest.raises(CommandError, match="q1 stands here twice"):
        apply(file(one(f"{queues}, {ACCOUNT}")))


def test_shared_queue_of_another_receipt_type_is_refused() -> None:
    other = member("c2", "2222222").replace("mt_status", "mo_message")

    with pytest.raises(CommandError, match="c1 pulls q1 for mt_status: a queue holds"):
        apply(file(member("c1", "1111111"), other))


def test_queue_no_longer_listed_is_switched_off_not_deleted() -> None:
    apply(file(member("c1")))

    lines = apply(file(one("queues: {}")))

    assert lines == ["c1: queues.mt_status q1: switched off"]
    assert not ProviderQueue.objects.get().is_enabled


def test_channel_that_is_off_does_not_hold_its_queue() -> None:
    apply(file(member("c1")))
    apply(file(one("active: false")))

    apply(file(member("c2")))

    with pytest.raises(CommandError, match="channel c2 pulls q1 too"):
        apply(file(one("active: true")))
