"""Pages of other sites, and the database being away."""

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from receipts import tokens
from tests.receipts.api.conftest import Api

ORIGIN = "https://tool.example"
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}


def test_pages_of_other_sites_may_not_call(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token}", "Origin": ORIGIN}

    answer = api.client.get("/api/v1/receipts/", headers=headers)

    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert api.client.options("/api/v1/receipts/", headers=PREFLIGHT).status_code == 401


def test_pages_of_configured_sites_may_call(api: Api, settings: Settings) -> None:
    settings.API_CORS_ORIGINS = [ORIGIN]
    headers = {"Authorization": f"Bearer {api.token}", "Origin": ORIGIN}

    asked = api.client.options("/api/v1/receipts/", headers=PREFLIGHT)
    answer = api.client.get("/api/v1/receipts/", headers=headers)

    assert asked.status_code == 204
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in answer["Vary"]


def test_database_that_is_away_is_a_problem_to_wait_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise OperationalError("secret")

    monkeypatch.setattr(tokens, "find", fail)

    answer = client.get("/api/v1/receipts/", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content
