"""When nobody could be answered, from the signs of life of all hosts."""

from datetime import timedelta

import pytest

from channels_cfg.models import Channel
from receipts.ids import uuid7
from receipts.models import Callback, IntakeSpan
from receipts.watching.gaps import Seen, seen
from tests.receipts.watching.door import NOON

pytestmark = pytest.mark.django_db


def span(start: int, end: int, *, host: str = "a", why: str = "") -> None:
    IntakeSpan.objects.create(
        host=host,
        started_at=NOON + timedelta(seconds=start),
        ended_at=NOON + timedelta(seconds=end),
        why_before=why,
    )


def look(now: int, *, since: int = -86_400) -> Seen:
    return seen(NOON + timedelta(seconds=since), NOON + timedelta(seconds=now))


def told(found: Seen) -> list[tuple[int, int, str, bool]]:
    return [
        (
            round((gap.window.start - NOON).total_seconds()),
            round((gap.window.end - NOON).total_seconds()),
            gap.why,
            gap.is_open,
        )
        for gap in found.gaps
    ]


def test_portal_that_was_never_watched_has_no_gap() -> None:
    assert look(0) == Seen(since=None, last_at=None, gaps=())


def test_time_between_spans_is_a_gap_newest_first() -> None:
    span(0, 100)
    span(160, 300, why="answered 502")
    span(400, 500)

    assert told(look(510)) == [
        (300, 400, "", False),
        (100, 160, "answered 502", False),
    ]


def test_other_host_that_answered_makes_it_no_gap() -> None:
    span(0, 100)
    span(400, 500)
    span(0, 300, host="b")

    assert told(look(510)) == [(300, 400, "", False)]


def test_gap_goes_on_while_nobody_is_seen() -> None:
    span(0, 100)

    assert told(look(120)) == []
    assert told(look(200)) == [(100, 200, "", True)]


def test_span_before_the_time_that_is_asked_for_still_bounds_a_gap() -> None:
    span(0, 100)
    span(400, 500)

    assert told(look(500, since=200)) == [(100, 400, "", False)]


def test_pushes_prove_that_the_door_answered_though_nobody_looked(db: None) -> None:
    span(0, 100)
    span(200, 300)
    channel = Channel.objects.create(key="wa", name="WA", provider="cams", type="x")
    for second in range(102, 150, 5):
        at = NOON + timedelta(seconds=second)
        Callback.objects.create(
            id=uuid7(at), received_at=at, channel=channel, mode="push", body=b"[]"
        )

    assert told(look(310)) == [(151, 200, "", False)]


def test_only_the_newest_gaps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("receipts.watching.gaps.MOST", 2)
    for start in range(0, 500, 100):
        span(start, start + 50)

    found = look(460)

    assert [gap[0] for gap in told(found)] == [350, 250]
    assert found.is_more
