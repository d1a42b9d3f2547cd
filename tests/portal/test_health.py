"""Live, ready, and able to keep what is pushed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from portal import health
from receipts.models import Callback

pytestmark = pytest.mark.django_db


def test_live_needs_nothing(client: Client) -> None:
    assert client.get("/healthz/live").status_code == 200


def test_ready_says_what_is_there(client: Client) -> None:
    answer = client.get("/healthz/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "ok",
        "redis": "ok",
        "oldest_pending_s": None,
    }


@pytest.mark.parametrize(("waits_s", "status"), [(5, "ready"), (90, "degraded")])
def test_callback_that_nobody_reads_is_told(
    client: Client, waits_s: int, status: str
) -> None:
    Callback.objects.create(
        id=uuid4(),
        received_at=timezone.now() - timedelta(seconds=waits_s),
        channel_id=1,
        body=b"[]",
    )

    answer = client.get("/healthz/ready")

    assert answer.json()["status"] == status
    assert waits_s <= answer.json()["oldest_pending_s"] < waits_s + 4


def test_redis_away_is_degraded_not_dead(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    health._client.cache_clear()

    answer = client.get("/healthz/ready")

    health._client.cache_clear()
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"


def test_database_that_forgets_is_refused(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "unsafe_settings", lambda: ["fsync"])
    settings.ALLOW_UNSAFE_DATABASE = False

    answer = client.get("/healthz/ready")

    assert answer.status_code == 503
    assert answer.json()["database"] == "unsafe: fsync off"


def test_health_is_never_redirected(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz/live").status_code == 200
    assert client.get("/admin/login/").status_code == 301
