"""Public shapes as CSV and JSON Lines."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from receipts import shapes
from receipts.exports.writing import columns, to_csv, to_jsonl

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def conversation(**values: object) -> shapes.Conversation:
    """Return a conversation that is shown."""
    given: dict[str, Any] = {
        "id": "1",
        "channel": "wa-main",
        "channel_type": "whatsapp",
        "provider": "cams",
        "business_address": None,
        "user": shapes.User(phone="+8613800138678"),
        "identities": [shapes.Identity(kind="phone", value="+8613800138678")],
        "first_at": AT,
        "last_at": AT,
        "messages": 3,
        "window_closes_at": None,
        **values,
    }
    return shapes.Conversation(**given)


def read(content: bytes) -> list[dict[str, str]]:
    """Read CSV as a program would."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_parts_become_columns_in_csv() -> None:
    content = to_csv([conversation()], shapes.Conversation, with_header=True)

    (row,) = read(content)
    assert row["user.phone"] == "'+8613800138678"
    assert row["user.username"] == ""
    assert row["first_at"] == "2026-01-02T03:04:05Z"
    assert row["messages"] == "3"
    assert json.loads(row["identities"]) == [
        {"kind": "phone", "value": "+8613800138678"}
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\uff1d1"])
def test_text_is_never_a_formula_in_csv(text: str) -> None:
    content = to_csv(
        [conversation(provider=text)], shapes.Conversation, with_header=True
    )

    assert read(content)[0]["provider"] == f"'{text}"


def test_csv_survives_quotes_and_line_ends() -> None:
    text = 'a "b", c\r\nd'

    content = to_csv(
        [conversation(provider=text)], shapes.Conversation, with_header=True
    )

    assert read(content)[0]["provider"] == text


def test_error_that_is_missing_has_its_columns_all_the_same() -> None:
    paths = {".".join(path) for path in columns(shapes.Receipt)}

    assert {"error.code", "template.language", "flags"} <= paths
    assert "payload" not in paths


def test_json_lines_hold_one_shape_each() -> None:
    lines = to_jsonl([conversation(), conversation(id="2")]).splitlines()

    assert [json.loads(line)["id"] for line in lines] == ["1", "2"]
