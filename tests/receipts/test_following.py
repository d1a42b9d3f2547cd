"""One push can be followed through the logs of all processes."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from channels_cfg.models import Channel
from receipts.models import Callback
from receipts.processing.drain import drain

SENT = json.dumps([{"MessageId": "2023078469463703000003", "Status": "Sent"}])
DOOR = "/callbacks/wa-main/mt_status"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="receipts.callbacks")
    return caplog


def told(lines: pytest.LogCaptureFixture, event: str) -> dict[str, object]:
    """Return the one line that tells ``event``."""
    messages = [record.msg for record in lines.records]
    (found,) = [m for m in messages if isinstance(m, dict) and m["event"] == event]
    return found


def test_door_joins_the_request_to_the_callback_and_the_drain_names_it_again(
    client: Client, channel: Channel, lines: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Request-Id": "edge-7f3a"}

    client.post(DOOR, SENT, content_type="application/json", headers=headers)
    drain()

    callback = str(Callback.objects.get().pk)
    kept, read = told(lines, "callback_kept"), told(lines, "callbacks_read")
    assert (kept["request_id"], kept["callback"]) == ("edge-7f3a", callback)
    assert (kept["channel"], kept["kept"]) == ("wa-main", "database")
    assert (read["callbacks"], read["new"]) == ([callback], 1)
    assert Callback.objects.get().headers["x-request-id"] == "edge-7f3a"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "a\tb", "schön"])
def test_request_id_that_is_none_is_the_callbacks_own(
    sent: str, client: Client, channel: Channel, lines: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Request-Id": sent}

    client.post(DOOR, SENT, content_type="application/json", headers=headers)

    kept = told(lines, "callback_kept")
    assert kept["request_id"] == kept["callback"]


def test_lines_of_callbacks_hold_neither_path_nor_body(
    client: Client, channel: Channel, lines: pytest.LogCaptureFixture
) -> None:
    client.post(DOOR, SENT, content_type="application/json")
    drain()

    text = str([record.msg for record in lines.records])
    assert "mt_status" not in text
    assert "2023078469463703000003" not in text


@pytest.mark.parametrize(
    ("environment", "level"),
    [({}, "WARNING"), ({"LOG_FORMAT": "json"}, "INFO"), ({"LOG_CALLBACKS": "on"}, "INFO")],
)  # fmt: skip
def test_lines_of_callbacks_come_where_they_are_wanted(
    environment: dict[str, str], level: str, tmp_path: Path
) -> None:
    look = "from portal import settings as s; import logging; print(logging.getLevelName(s.LOGGING['loggers']['receipts.callbacks']['level']))"

    done = subprocess.run(
        [sys.executable, "-c", look],
        env={"DATA_DIR": str(tmp_path), "PATH": "", **environment},
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == level, done.stderr
