"""The whole OpenAPI document, tried with made-up requests of every kind."""

import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.receipts.api import factories

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
BOUNDED = hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def headers(transactional_db: None) -> dict[str, str]:
    """A token for everything, and some rows to find."""
    channel = factories.make_channel()
    for _ in range(3):
        factories.make_receipt(channel)
        factories.make_message(channel)
        factories.make_callback(channel)
    return {"Authorization": f"Bearer {factories.make_token()}"}


@pytest.mark.timeout(600)
def test_no_request_breaks_the_running_portal_or_its_document(
    live_server: Any, headers: dict[str, str]
) -> None:
    document = schemathesis.openapi.from_path(DOCUMENT)
    broken: list[str] = []

    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        try:
            attempt(operation, live_server.url, headers)
        except FailureGroup as exc:  # every operation is tried before one is told of
            broken.append(f"{operation.label}: {exc}")

    assert not broken, "\n\n".join(broken)


def attempt(operation: Any, url: str, headers: dict[str, str]) -> None:
    """Try one operation with requests that fit the document."""

    @BOUNDED
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        if "wait" in (case.query or {}):
            case.query["wait"] = 0
        # Cursors that nobody gave, and spans that are too wide, are of the right form.
        case.call_and_validate(
            base_url=url, headers=headers, excluded_checks=[positive_data_acceptance]
        )

    call()
