"""What never stands in a log."""

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
