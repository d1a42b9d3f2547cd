"""Live, ready, and able to keep what is pushed."""

import pytest
from django.test import Client
from pytest_django import Settings

from portal import health

pytestmark = pytest.mark.django_db


def test_live_needs_nothing(client: Client) -> None:
    assert client.get("/healthz/live").status_code == 200


def test_ready_says_what_is_there(client: Client) -> None:
    answer = client.get("/healthz/ready")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ok", "redis": "ok"}


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
