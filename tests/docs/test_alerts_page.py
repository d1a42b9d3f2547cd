"""docs/alerts.md: its examples prove what the portal signs, its table names every kind."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from channels_cfg.secrets import Hidden
from receipts.alerts import bodies, schedule
from receipts.alerts.kinds import KINDS
from receipts.alerts.models import Alert, Delivery, Destination

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text()
CODE: dict[str, Any] = {}
for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
    exec(compile(block, "docs/alerts.md", "exec"), CODE)  # noqa: S102  # our own page


@pytest.fixture
def delivery() -> Delivery:
    """An alert on its way to a signed webhook."""
    secrets = Hidden((bodies.new_secret(),))
    now = timezone.now()
    return Delivery(
        destination=Destination(form="webhook", secrets=secrets),
        alert=Alert(
            kind="silence",
            subject="wa-main/mt_status",
            summary="x",
            first_seen_at=now,
            opened_at=now,
        ),
        change="opened",
        created_at=now,
    )


def test_examples_prove_what_is_signed_and_refuse_what_was_changed(
    delivery: Delivery,
) -> None:
    request = bodies.request(delivery, timezone.now())
    secret, headers = delivery.destination.secrets[0], dict(request.headers)

    told = CODE["receive"](secret, headers, request.body)

    assert told["type"] == "alert.opened"
    signed = CODE["signature"](secret, headers, request.body)
    assert headers["webhook-signature"] == signed
    with pytest.raises(CODE["WebhookVerificationError"]):
        CODE["receive"](secret, headers, request.body + b" ")


def test_sample_has_the_fields_that_are_sent(delivery: Delivery) -> None:
    sample = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
    sent = json.loads(bodies.request(delivery, timezone.now()).body)

    assert sample.keys() == sent.keys()
    assert sample["data"].keys() == sent["data"].keys()


def test_page_names_every_kind_with_its_label_and_every_pause() -> None:
    rows = dict(re.findall(r"^\| ([^|]+) `([a-z_]+)` \|", PAGE, re.MULTILINE))

    assert rows == {kind.label: kind.slug for kind in KINDS.values()}
    assert "10 s, 30 s, 2, 10, 30 minutes, 1, 2, 4, 4 and 8 hours" in PAGE
    hours = [round(each.total_seconds() / 3600, 3) for each in schedule.PAUSES]
    assert hours == [0.003, 0.008, 0.033, 0.167, 0.5, 1, 2, 4, 4, 8]


def test_page_names_every_default_limit() -> None:
    table = PAGE[PAGE.index("## Kinds") : PAGE.index("## Who judges")]
    lines = {
        slug: line
        for line in table.splitlines()
        for slug in KINDS
        if f"`{slug}`" in line
    }

    missing = [
        (kind.slug, limit.name)
        for kind in KINDS.values()
        for limit in kind.limits
        if limit.default > 2
        and f"{limit.default:g}" not in lines[kind.slug]
        and limit.default != 60
    ]
    assert not missing
