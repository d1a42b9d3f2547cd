"""Signs of life of the door: noted, kept, handed over."""

import json
from pathlib import Path

import pytest
from django.db import DatabaseError

from receipts.models import IntakeSpan
from receipts.watching import record as records
from receipts.watching.record import Record
from receipts.watching.watch import Watch
from tests.receipts.watching.door import NOON, Clock, scene


def test_door_that_answers_makes_one_span(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 2, 4, 9)

        assert it.spans == [(0, 9, "")]


def test_short_silence_is_no_gap(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 2)
        it.look(4, 6, status=502)
        it.look(8)

        assert it.spans == [(0, 8, "")]


def test_long_silence_is_a_gap_with_what_the_door_said(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 2)
        it.look(4, 30, status=503)
        it.look(60, 62)

        assert it.spans == [(0, 2, ""), (60, 62, "answered 503")]


def test_time_in_which_nobody_looked_is_a_gap_without_a_reason(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 2)
        it.watch.save()
    with scene(tmp_path) as again:
        again.look(60)

        assert again.record.host == it.record.host
        assert again.spans == [(0, 2, ""), (60, 60, "")]


def test_watch_that_is_started_anew_at_once_goes_on(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 2)
        it.watch.save()
    with scene(tmp_path) as again:
        again.look(7)

        assert again.spans == [(0, 7, "")]


def test_clock_that_was_set_back_shortens_nothing(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 100)
        it.record.spans[-1].ended_at = NOON
        it.look(-50)

        assert it.spans[-1][1] == 0


def test_no_answer_at_all_is_a_reason_too(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    watch = Watch("http://127.0.0.1:9/", record, now=Clock())

    assert not watch.look()
    assert record.spans == []
    assert watch._why == "ConnectionError"


def test_record_that_is_damaged_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(b'{"host": "a", "spa')

    assert Record(tmp_path / "record").spans == []


def test_record_that_cannot_be_kept_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "intake").write_text("a file where the folder should be")
    with scene(tmp_path / "other") as it:
        it.record._path = tmp_path / "intake" / "record"
        it.look(0)
        it.watch.save()

        assert it.spans == [(0, 0, "")]


@pytest.mark.django_db(transaction=True)
def test_spans_are_handed_over_once_and_the_last_one_grows(tmp_path: Path) -> None:
    with scene(tmp_path) as it:
        it.look(0, 2)
        it.look(60, 62)
        it.watch.hand_over()
        it.look(64)
        it.watch.hand_over()
        it.watch.hand_over()

        assert it.spans == [(60, 64, "")]
    rows = IntakeSpan.objects.order_by("started_at").values_list(
        "started_at", "ended_at"
    )
    assert [((a - NOON).seconds, (b - NOON).seconds) for a, b in rows] == [
        (0, 2),
        (60, 64),
    ]


@pytest.mark.django_db(transaction=True)
def test_spans_wait_while_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseError

    with scene(tmp_path) as it:
        it.look(0)
        it.look(60)
        with monkeypatch.context() as patched:
            patched.setattr(records, "run", away)
            it.watch.hand_over()

        assert len(it.spans) == 2
        it.watch.hand_over()
        assert (len(it.spans), IntakeSpan.objects.count()) == (1, 2)


def test_gap_tells_how_many_pushes_the_edge_turned_away(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    lines = [
        (10, "POST", "/callbacks/***", 502),
        (20, "POST", "/callbacks/***", 504),
        (30, "POST", "/callbacks/***", 401),
        (40, "GET", "/callbacks/***", 502),
        (45, "POST", "/admin/", 502),
        (90, "POST", "/callbacks/***", 502),
    ]
    log.write_text(
        "of a request that was cut\n"
        + "".join(_logged(*line) for line in lines)
        + '{"ts": 1, "half'
    )

    with scene(tmp_path, edge_log=log) as it:
        it.look(0)
        it.look(60)

        assert [each.turned_away for each in it.record.spans] == [None, 2]


def _logged(second: int, method: str, uri: str, status: int) -> str:
    line = {
        "ts": NOON.timestamp() + second,
        "status": status,
        "request": {"method": method, "uri": uri},
    }
    return json.dumps(line) + "\n"
