"""The OpenAPI document says what the API does."""

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from channels_cfg.models import Channel
from receipts.api.problems import TYPES
from receipts.api.urls import urlpatterns
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> Any:
    """The document, as the portal gives it."""
    return Client().get("/api/v1/schema/").json()


def test_committed_document_is_that_of_the_code() -> None:
    made = io.StringIO()

    call_command("spectacular", "--fail-on-warn", stdout=made)

    assert COMMITTED.read_text().strip() == made.getvalue().strip(), (
        "run: manage.py spectacular --file docs/openapi.yaml"
    )


def test_every_url_is_described(document: Any) -> None:
    own = {f"/api/v1/{each.pattern}".replace("<pk>", "{id}") for each in urlpatterns}
    untold = {
        f"/api/v1/{end}"
        for end in ("schema/", "docs/", "problems/", "problems/<slug>/", "")
    }

    assert set(document["paths"]) == own - untold
    assert document["openapi"].startswith("3.1")


def test_every_operation_names_its_scopes_and_problems(document: Any) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["security"][0]["token"]
            assert {"400", "401", "403", "429"} <= set(operation["responses"])
            assert operation["summary"]
            assert operation["tags"]


def test_every_example_fits_its_schema(document: Any) -> None:
    checked = 0
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                for content in response["content"].values():
                    for example in content.get("examples", {}).values():
                        check(document, content["schema"], example["value"])
                        checked += 1

    assert checked > 100


def check(document: Any, schema: Any, value: object) -> None:
    """Raise unless a value fits a schema of the document."""
    whole = {**schema, "components": document["components"]}
    jsonschema_rs.validate(whole, value, validate_formats=True)


def test_answers_fit_the_document(api: Api, channel: Channel, document: Any) -> None:
    person = factories.make_conversation(channel, ("phone", "8613800138678"))
    content = json.dumps({"type": "text", "text": "Hi"})
    factories.make_message(channel, conversation_id=person.pk, content=content)
    factories.make_receipt(
        channel, conversation_id=person.pk, error_code="131026", flags=127
    )
    factories.make_callback(channel)

    for path, operations in document["paths"].items():
        if "get" not in operations or "{" in path:
            continue
        answer = api.get(path.removeprefix("/api/v1/"))
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]
        check(document, schema["schema"], answer)


def test_docs_run_no_inline_script(client: Client) -> None:
    answer = client.get("/api/v1/docs/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert re.findall(r"<style| style=| on\w+=", page) == []
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("slug", TYPES)
def test_every_kind_of_problem_has_its_page(client: Client, slug: str) -> None:
    page = client.get(f"/api/v1/problems/{slug}/").json()

    assert page["status"] == TYPES[slug].status
    assert page["meaning"]


def test_document_in_yaml_is_readable() -> None:
    assert yaml.safe_load(COMMITTED.read_text())["info"]["title"] == "Receipt portal"
