"""Words, bytes and bars for the eye."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.console import charts, raw, words
from portal.console.tallies import Hour

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("back", "text"),
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=59), "59 s ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=47), "1 d ago"),
        (timedelta(days=400), "1 y ago"),
        (timedelta(hours=-3), "in 3 h"),
    ],
)
def test_time_is_said_in_its_largest_unit(back: timedelta, text: str) -> None:
    assert words.ago(NOW - back, NOW) == text


def test_exact_time_is_utc_to_the_millisecond() -> None:
    assert words.exact(NOW.replace(microsecond=7999)) == "2026-11-21 12:00:00.007"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"a":1e400,"a":123456789012345678901}', "1e400"),
        (b'[{"b":1.0}]', '"b": 1.0'),
        (b"\xff\x00<b>", "\\xff\\x00<b>"),
        (b"tab\tbell\a", "tab\tbell\\x07"),
    ],
)
def test_raw_bytes_are_shown_without_being_changed(body: bytes, text: str) -> None:
    assert text in raw.pretty(body)


def test_long_body_is_cut_and_says_so() -> None:
    shown = raw.pretty(b"x" * (raw.LONGEST + 5))

    assert shown.endswith("5 more characters")


def test_bars_stand_on_the_ground_and_fill_the_height() -> None:
    hours = [Hour(start=NOW, statuses=3, failures=1), Hour(start=NOW)]

    high, empty = charts.bars(hours)

    assert sum(piece.height for piece in high.pieces) == charts.HEIGHT
    assert high.pieces[0].y + high.pieces[0].height == charts.HEIGHT
    assert empty.pieces == []
