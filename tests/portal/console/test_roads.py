"""What came by one of two roads only shows on the channel's page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from receipts.models import Callback, Receipt
from tests.portal.console.conftest import Tell, status

AGO = timedelta(hours=2)


@pytest.fixture
def owner(db: None, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("owner"))
    return client


def page(client: Client, channel: Channel) -> str:
    url = reverse("admin:channel", args=[channel.pk])
    return client.get(url).content.decode()


def switch_on_a_queue(channel: Channel) -> None:
    queues = channel.queues
    queues.create(receipt_type="mt_status", queue_name="q")
    yesterday = timezone.now() - timedelta(days=1)
    for model in (CallbackPath, ProviderQueue):
        model._default_manager.update(updated_at=yesterday)


def test_receipt_by_queue_alone_shows_as_a_missing_push(
    owner: Client, channel: Channel, tell: Tell
) -> None:
    switch_on_a_queue(channel)
    tell(status("Sent"), ago=AGO)
    Callback.objects.update(mode="queue")
    Receipt.objects.update(mode="queue")

    shown = page(owner, channel)

    assert "pushes missing" in shown
    assert reverse("admin:receipt", args=[Receipt.objects.get().pk]) in shown


def test_roads_that_agree_raise_no_alarm(
    owner: Client, channel: Channel, tell: Tell
) -> None:
    switch_on_a_queue(channel)

    shown = page(owner, channel)

    assert "Two roads in the last day" in shown
    assert "missing" not in shown


def test_channel_of_one_road_shows_no_comparison(
    owner: Client, channel: Channel, tell: Tell
) -> None:
    tell(status("Sent"), ago=AGO)

    assert "Two roads" not in page(owner, channel)
