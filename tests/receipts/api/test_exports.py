"""Exports: asked for, made, downloaded, over."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from channels_cfg.models import Channel
from receipts.exports import making
from receipts.models import ApiToken, Export, ExportChunk, Receipt
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

NOW = timezone.now()


def ask(api: Api, resource: str = "receipts", **body: object) -> Any:
    """Ask for an export that must be taken; return it."""
    answer = api.post("exports/", {"resource": resource, "format": "jsonl", **body})
    assert answer.status_code == 202, answer.content
    assert answer["Location"].endswith(f"/api/v1/exports/{answer.json()['id']}/")
    return answer.json()


def content(api: Api, export: Any) -> bytes:
    """Make what waits, and download an export."""
    assert making.make_exports(for_seconds=20) is False
    shown = api.get(f"exports/{export['id']}/")
    assert shown["state"] == "done", shown
    answer = api.ask(f"exports/{export['id']}/download")
    assert answer.status_code == 200
    whole = b"".join(answer.streaming_content)
    assert len(whole) == int(answer["Content-Length"]) == shown["bytes"]
    return whole


def some(channel: Channel, count: int) -> list[str]:
    """Make receipts; return their ids, oldest first."""
    made = [
        factories.receipt(channel, received_at=NOW - timedelta(minutes=count - number))
        for number in range(count)
    ]
    Receipt.objects.bulk_create(made)
    return [str(row.pk) for row in made]


def test_export_holds_what_the_list_shows(api: Api, channel: Channel) -> None:
    ids = some(channel, 5)
    factories.make_receipt(channel, kind="inbound", status=None)

    export = ask(api, filters={"kind": "status"})
    lines = content(api, export).splitlines()

    assert [json.loads(line)["id"] for line in lines] == ids
    assert export["window"] is not None
    assert json.loads(lines[0]) == api.get(f"receipts/{ids[0]}/")


def test_export_goes_on_where_its_last_turn_ended(
    api: Api, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(making, "TURN_S", 0.001)
    ids = some(channel, 7)
    export = ask(api, format="csv")

    whole = content(api, export).decode().splitlines()

    assert ExportChunk.objects.count() == 4
    assert whole[0].startswith("id,channel,")
    assert [line.partition(",")[0] for line in whole[1:]] == ids


@pytest.mark.parametrize(
    "resource", ["receipts", "messages", "conversations", "templates", "callbacks"]
)
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_each_resource_can_be_exported_empty(
    api: Api, resource: str, form: str
) -> None:
    export = ask(api, resource, format=form)

    lines = content(api, export).splitlines()

    assert len(lines) == (1 if form == "csv" else 0)


def test_messages_are_exported_with_their_conversation(
    api: Api, channel: Channel
) -> None:
    person = factories.make_conversation(channel)
    factories.make_message(channel, conversation_id=person.pk)
    factories.make_callback(channel)

    exports = [ask(api, name) for name in ("messages", "conversations", "callbacks")]

    shown = [json.loads(content(api, export)) for export in exports]
    assert shown[0]["conversation"] == shown[1]["id"] == str(person.pk)
    assert shown[2]["channel"] == "wa-main"


def test_export_of_a_masked_token_is_masked_and_of_its_channels(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    some(channel, 1)
    factories.make_receipt(factories.make_channel("other"))
    api = as_token("receipts:read", "export:write", channels=(channel,))

    whole = content(api, ask(api))

    assert len(whole.splitlines()) == 1
    assert b"8613800138678" not in whole


def test_clear_export_is_not_given_to_a_token_that_lost_the_scope(
    api: Api, channel: Channel
) -> None:
    some(channel, 1)
    export = ask(api)
    content(api, export)

    ApiToken.objects.update(scopes=["receipts:read", "export:write"])

    api.refused(403, f"exports/{export['id']}/download")


def test_export_of_another_token_is_not_there(
    api: Api, as_token: Callable[..., Api]
) -> None:
    export = ask(as_token("receipts:read", "export:write"))

    api.refused(404, f"exports/{export['id']}/")
    api.refused(404, f"exports/{export['id']}/download")
    api.refused(404, "exports/x/")


def test_export_is_over_after_a_day(api: Api) -> None:
    export = ask(api)
    Export.objects.update(expires_at=timezone.now())

    api.refused(410, f"exports/{export['id']}/")
    assert making.drop_expired() == 1
    api.refused(404, f"exports/{export['id']}/")


def test_export_is_not_ready_before_it_is_made(api: Api) -> None:
    export = ask(api)

    assert export["state"] == "pending"
    api.refused(409, f"exports/{export['id']}/download")
    assert api.ask(f"exports/{export['id']}/")["Retry-After"]


def test_export_of_too_much_fails_and_keeps_nothing(
    api: Api, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(making, "MOST_ROWS", 2)
    some(channel, 5)
    export = ask(api)

    making.make_exports(for_seconds=20)

    shown = api.get(f"exports/{export['id']}/")
    assert (shown["state"], shown["download"]) == ("failed", None)
    assert "narrow" in shown["error"]
    assert not ExportChunk.objects.exists()


def test_export_that_kills_its_maker_is_given_up(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    export = ask(api)
    monkeypatch.setattr(making, "_write", fail)

    for _ in range(making.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            making.make_exports(for_seconds=1)
    making.make_exports(for_seconds=1)

    assert api.get(f"exports/{export['id']}/")["state"] == "failed"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"resource": "stats", "format": "csv"}, "resource"),
        ({"resource": "receipts", "format": "xlsx"}, "format"),
        ({"resource": "receipts", "format": "csv", "filters": {"x": "1"}}, "x"),
        ({"resource": "receipts", "format": "csv", "filters": {"kind": "x"}}, "kind"),
        ({"resource": "messages", "format": "csv", "filters": {"text": "ab"}}, "text"),
    ],
)
def test_bad_wish_is_named(api: Api, body: dict[str, object], name: str) -> None:
    answer = api.post("exports/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "body", [[], {}, {"resource": "receipts"}, {"resource": 1, "format": "csv"}]
)
def test_body_of_another_shape_is_refused(api: Api, body: object) -> None:
    assert api.post("exports/", body).status_code == 400


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b'"' + b"x" * 100_000 + b'"', "application/json", 413),
        (b"a=b", "application/x-www-form-urlencoded", 415),
    ],
)
def test_unreadable_body_is_a_problem(
    api: Api, raw: bytes, kind: str, status: int
) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}

    answer = api.client.post(
        "/api/v1/exports/", raw, content_type=kind, headers=headers
    )

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_token_may_not_have_many_exports_waiting(api: Api) -> None:
    for _ in range(5):
        ask(api)

    answer = api.post("exports/", {"resource": "receipts", "format": "csv"})

    assert answer.status_code == 429


def test_wish_is_kept_while_redis_is_away(
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", fail)

    with django_capture_on_commit_callbacks(execute=True):
        export = ask(api)

    assert content(api, export) == b""
