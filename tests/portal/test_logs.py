"""What never stands in a log."""

import json
import logging
import sys

import pytest

from portal import logs


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /callbacks/s3cret/path",
        '{"request": "POST /callbacks/s3cret"}',
        "http://portal.example.org/callbacks/s3cret?hub.verify_token=s3cret",
    ],
)
def test_callback_path_is_masked(line: str) -> None:
    masked = logs.mask_paths(None, "", line)

    assert "s3cret/path" not in masked
    assert "callbacks/***" in masked


def test_line_breaks_of_strangers_are_escaped() -> None:
    event = logs.one_line(None, "", {"event": "a\r\nfake line", "count": 1})

    assert event == {"event": "a\\r\\nfake line", "count": 1}


@pytest.mark.parametrize(
    "line",
    [
        "sent to 8613800000001",
        "user=+8613800000001 asked",
        '{"to": "8613800000001"}',
        "task_8613800000001 failed",
        "DETAIL:  Key (channel_id, value)=(1, 8613800000001) already exists.",
        "DETAIL:  Failing row contains (8613800000001, hello there).\nnext line",
        'CONTEXT:  COPY receipts_receipt, line 1: "m1 8613800000001, hello..."',
        'CONTEXT:  COPY t, line 1, column a: "8613800000001 hello"\nnext line',
    ],
)
def test_phones_and_rows_are_masked(line: str) -> None:
    masked = str(logs.mask_people(None, "", {"event": line})["event"])

    assert "8613800000001" not in masked
    assert "hello" not in masked
    assert masked.endswith("next line") == line.endswith("next line")


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-21T07:43:51.079123Z [info] swept callbacks=300",
        "login_failed address=203.0.113.100",
        "callback_failed callback=01932f3c-8d1e-7000-8000-123456789012",
        "at 0x7f8d42493560",
    ],
)
def test_what_is_no_phone_stays_readable(line: str) -> None:
    assert logs.mask_people(None, "", {"event": line}) == {"event": line}


@pytest.mark.parametrize("is_json", [True, False])
def test_line_of_an_error_shows_nobody(
    is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    words = logs.configure(is_json=is_json, has_callbacks=False)
    (made,) = words["formatters"].values()  # type: ignore[attr-defined]  # a dict
    formatter = made.pop("()")(**made)
    try:
        int("DETAIL:  Failing row contains (8613800000001, hello).")
    except ValueError:
        record = logging.makeLogRecord(
            {"msg": "failed for 8613800000001", "exc_info": sys.exc_info()}
        )

    line = formatter.format(record)

    assert "8613800000001" not in line
    assert "hello" not in line
    assert "ValueError" in line
    assert not is_json or json.loads(line)["event"] == "failed for 8613******001"
