"""What the API says when it says no."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from channels_cfg.models import Channel
from receipts.api.views import receipts as receipts_view
from receipts.querysets.bounded import bounded
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("receipts/", "colour", "red"),
        ("receipts/", "status", "sentt"),
        ("receipts/", "status", "received"),
        ("receipts/", "kind", "Status"),
        ("receipts/", "flag", "x"),
        ("receipts/", "provider", "nobody"),
        ("receipts/", "received_after", "yesterday"),
        ("receipts/", "occurred_before", "2026-13-01T00:00:00Z"),
        ("receipts/", "occurred_before", "0001-01-01T00:00:00+14:00"),
        ("receipts/", "message_id", "x" * 600),
        ("receipts/", "message_id", "a\x00b"),
        ("receipts/", "message_id", " "),
        ("receipts/", "ordering", "status"),
        ("receipts/", "include", "body"),
        ("messages/", "contradiction", "yes"),
        ("messages/", "text", "a"),
        ("messages/", "text", "ab"),
        ("messages/", "include", "payload"),
        ("conversations/", "status", "read"),
        ("receipts/1/", "x", "y"),
    ],
)
def test_bad_parameter_is_named(api: Api, path: str, name: str, value: str) -> None:
    problem = api.refused(400, path, **{name: value})

    assert problem["status"] == 400
    assert problem["instance"] == f"/api/v1/{path}"
    assert [error["parameter"] for error in problem["errors"]] == [name]
    assert name in problem["detail"]


def test_closed_list_of_words_is_told(api: Api) -> None:
    (error,) = api.refused(400, "messages/", direction="up")["errors"]

    assert error["allowed"] == ["mt", "mo"]
    assert "mt, mo" in error["detail"]


def test_every_mistake_is_named_at_once(api: Api) -> None:
    problem = api.refused(400, "receipts/", kind="x", status="y")

    assert {error["parameter"] for error in problem["errors"]} == {"kind", "status"}


def test_parameter_given_twice_is_refused(api: Api) -> None:
    (error,) = api.refused(400, "receipts/", kind=["status", "echo"])["errors"]

    assert error["parameter"] == "kind"


def test_time_is_read_however_it_is_written(api: Api, channel: Channel) -> None:
    made = factories.make_receipt(channel, message_id="m")

    for written in ("2020-01-01", "2020-01-01T00:00:00 01:00", "2020-01-01T00:00Z"):
        found = api.ids("receipts/", message_id="m", received_after=written)
        assert found == [str(made.pk)]


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer", "Bearer nobody"])
def test_stranger_is_told_to_authenticate(
    client: Client, db: None, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = client.get("/api/v1/receipts/", headers=headers)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_missing_scope_is_named(as_token: Callable[..., Api]) -> None:
    problem = as_token("config:read").refused(403, "receipts/")

    assert problem["scopes"] == ["receipts:read"]


@pytest.mark.parametrize(
    "path",
    ["nothing/", "receipts/x/", "receipts/0/", "receipts/99999999999999999999/", ""],
)
def test_what_is_not_there_is_a_problem(api: Api, path: str) -> None:
    assert api.refused(404, path)["title"] == "Not found"


def test_forgotten_slash_is_forgiven(api: Api) -> None:
    answer = api.ask("receipts?kind=status")

    assert answer.status_code == 308
    assert answer["Location"] == "/api/v1/receipts/?kind=status"


def test_other_methods_are_refused(api: Api) -> None:
    answer = api.post("receipts/")

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert answer["Content-Type"] == "application/problem+json"


def test_our_own_fault_tells_no_more_than_that(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(receipts_view.Receipts, "rows", fail)

    problem = api.refused(500, "receipts/")

    assert "secret" not in str(problem)


def test_search_that_takes_too_long_says_what_to_narrow(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dawdle(*_: object) -> None:
        with bounded(0.05), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1)")

    monkeypatch.setattr(receipts_view.Receipts, "show", dawdle)

    problem = api.refused(422, "receipts/")

    assert "window" in problem["detail"]


def test_answers_may_not_be_cached_and_tell_the_limit(api: Api) -> None:
    answer = api.ask("receipts/")

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["RateLimit-Limit"] == "6000"
    assert "Content-Security-Policy" in answer


def test_long_answers_are_compressed_on_demand(api: Api, channel: Channel) -> None:
    for _ in range(3):
        factories.make_receipt(channel)
    headers = {"Authorization": f"Bearer {api.token}", "Accept-Encoding": "gzip"}

    answer = api.client.get("/api/v1/receipts/", headers=headers)

    assert answer["Content-Encoding"] == "gzip"


def test_token_that_asks_too_often_is_told_to_wait(
    api: Api, settings: Settings
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2

    statuses = [api.ask("receipts/").status_code for _ in range(3)]
    refused = api.ask("receipts/")

    assert statuses[-1] == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Remaining"] == "0"
    assert refused["Content-Type"] == "application/problem+json"
