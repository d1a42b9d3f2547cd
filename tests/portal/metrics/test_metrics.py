"""What Prometheus reads of a portal at work."""

import time

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from channels_cfg.models import Channel, ProviderQueue, QueueAccount
from portal.metrics.tables import Tables
from receipts.intake.breaker import breaker
from receipts.metering.catalogue import ACCEPTED
from receipts.metering.keeping import keeper
from receipts.models import QueueState
from tests.portal.metrics.conftest import Locked, Scrape
from tests.receipts.conftest import Push, channel, patient_door, push

__all__ = ["channel", "patient_door", "push"]

SENT = {"MessageId": "2023078469463703000003", "To": "8613800000008", "Status": "Sent"}


def test_push_and_its_receipts_are_counted(push: Push, scrape: Scrape) -> None:
    push([SENT, {**SENT, "Status": "Read"}, {"Status": "Sent"}])
    push([SENT])

    found = scrape()

    assert found["portal_callbacks_accepted_total{channel=wa-main,kept=database}"] == 2
    assert found["portal_callback_ack_seconds_count{channel=wa-main}"] == 2
    assert (
        found["portal_receipts_total{channel=wa-main,kind=status,status=read}"],
        found["portal_duplicate_receipts_total{channel=wa-main}"],
        found["portal_quarantined_items_total{channel=wa-main}"],
        found["portal_quarantine_open{channel=wa-main}"],
        found["portal_callbacks_read_total{by=door}"],
        found["portal_drain_lag_seconds_count"],
    ) == (1, 1, 1, 1, 2, 2)


def test_push_that_waits_is_pending(push: Push, scrape: Scrape) -> None:
    push([SENT], drained=False)

    found = scrape()

    assert found["portal_callbacks_pending"] == 1
    assert 0 < found["portal_callbacks_pending_oldest_age_seconds"] < 60


def test_refused_pushes_are_counted_by_reason(
    client: Client, channel: Channel, scrape: Scrape
) -> None:
    channel.callback_paths.update(header_name="x-secret", header_values=["s3cret"])

    client.post("/callbacks/wa-main/mt_status", b"[]", content_type="text/plain")
    client.post("/callbacks/nowhere", b"[]", content_type="text/plain")

    found = scrape()
    refused = "portal_callbacks_refused_total"
    assert found[f"{refused}{{channel=wa-main,reason=unproven}}"] == 1
    assert found[f"{refused}{{channel=,reason=unknown_path}}"] == 1


@pytest.mark.django_db
def test_queues_tell_when_they_were_pulled_and_what_they_gave(
    channel: Channel, scrape: Scrape
) -> None:
    endpoint = "https://1.mns.example.org"
    QueueAccount.objects.create(channel=channel, queue_endpoint=endpoint)
    ProviderQueue.objects.create(
        channel=channel, receipt_type="mt_status", queue_name="Q"
    )
    QueueState.objects.create(
        endpoint=endpoint, queue_name="Q", received=7, is_stopped=True
    )

    found = scrape()

    labels = "endpoint=1.mns.example.org,queue=Q"
    assert found[f"portal_queue_messages_received_total{{{labels}}}"] == 7
    alarm = "portal_queue_alarm{alarm=stopped,endpoint=1.mns.example.org,queue=Q}"
    assert found[alarm] == 1


@pytest.mark.django_db(transaction=True)
def test_counts_of_processes_are_there_while_the_database_is_away(
    push: Push, scrape: Scrape, tables_are_locked: Locked
) -> None:
    push([SENT])
    breaker.failed("away", was_slow=True)

    with tables_are_locked():
        found = scrape()

    assert found["portal_database_up"] == 0
    assert found["portal_breaker_open_processes"] == 1
    assert found["portal_callbacks_accepted_total{channel=wa-main,kept=database}"] == 1
    assert "portal_callbacks_pending" not in found


@pytest.mark.django_db(transaction=True)
def test_database_that_was_away_is_not_asked_again_at_once(
    tables_are_locked: Locked,
) -> None:
    collector = Tables()
    with tables_are_locked():
        assert len(list(collector.collect())) == 1

    began = time.monotonic()
    assert len(list(collector.collect())) == 1

    assert time.monotonic() - began < 0.5
    collector._failed_at = float("-inf")
    assert len(list(collector.collect())) > 5


@pytest.mark.django_db
def test_host_tells_of_spool_disk_and_release(scrape: Scrape) -> None:
    keeper.meter.add(ACCEPTED, ("wa", "database"), 1)

    found = scrape()

    assert found["portal_spool_entries"] == 0
    assert found["portal_disk_free_bytes{place=spool}"] > 0
    assert found["portal_redis_up"] == found["portal_database_up"] == 1
    assert found["portal_processes{process=door}"] == 1
    assert found["portal_ack_limit_seconds{provider=cams}"] == 3
    assert any(name.startswith("portal_build_info") for name in found)


@pytest.mark.django_db
def test_newer_form_is_given_to_those_who_ask_for_it(client: Client) -> None:
    asked = "application/openmetrics-text; version=1.0.0"

    answer = client.get("/metrics", headers={"Accept": asked})

    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")


@pytest.mark.django_db
def test_every_metric_has_a_help_and_a_name_of_ours(client: Client) -> None:
    text = client.get("/metrics").content.decode()

    for family in text_string_to_metric_families(text):
        assert family.name.startswith("portal_")
        assert family.documentation
        assert family.type != "unknown"


@pytest.mark.django_db
def test_metrics_are_never_redirected(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/metrics").status_code == 200
