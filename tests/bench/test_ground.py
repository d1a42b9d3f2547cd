"""What a run by hand makes of its figures."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.faults import ground
from bench.faults.load import Result
from portal.simulator.comparing import Difference, Seen
from portal.simulator.ledger import Ledger, Outcome

START = datetime(2026, 11, 21, 8, tzinfo=UTC)


def _outcome(second: int, *, is_acknowledged: bool = True) -> Outcome:
    return Outcome(
        at=START + timedelta(seconds=second),
        attempt=1,
        ms=float(second),
        is_acknowledged=is_acknowledged,
        is_last=True,
        answer="200" if is_acknowledged else "503",
    )


@pytest.fixture
def result() -> Result:
    nothing: tuple[str, ...] = ()
    names = ("missing", "doubled", "untold", "missing_messages", "doubled_messages")
    difference = Difference(
        visible=3,
        visible_messages=3,
        wrong_messages=nothing,
        **dict.fromkeys(names, nothing),  # type: ignore[arg-type]  # all are empty
    )
    outcomes = [_outcome(1), _outcome(2), _outcome(3, is_acknowledged=False)]
    return Result(
        ledger=Ledger(),
        outcomes=outcomes,
        difference=difference,
        seen=Seen(),
        since=START,
    )


def test_percentile_is_a_value_that_was_measured() -> None:
    hundred = [float(n) for n in range(100)]

    assert ground.percentile(hundred, 0.99) == 99
    assert ground.percentile(hundred, 0.5) == 50
    assert ground.percentile([], 0.99) == 0


def test_only_acknowledgements_of_a_span_are_counted(result: Result) -> None:
    later = START + timedelta(seconds=2)

    assert ground.acks_between(result) == [1.0, 2.0]
    assert ground.acks_between(result, later) == [2.0]
    assert ground.acks_between(result, end=later) == [1.0]


def test_what_is_wrong_is_named_and_fails_the_run(
    result: Result, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ground.verdict(result) == 0
    assert ground.verdict(result, too_late=True) == 1
    assert "NOT GOOD: too_late: True" in capsys.readouterr().out
