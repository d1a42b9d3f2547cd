"""When the door stops asking the database, and when it asks again."""

import pytest

from receipts.intake import breaker as module
from receipts.intake.breaker import Breaker


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every moment be the one to try again."""
    monkeypatch.setattr(module, "_PAUSE_S", 0.0)


def test_three_failures_in_a_row_open_it() -> None:
    breaker = Breaker()

    states = []
    for _ in range(3):
        breaker.failed("refused", was_slow=False)
        states.append(breaker.is_open)

    assert states == [False, False, True]


def test_success_in_between_keeps_it_closed() -> None:
    breaker = Breaker()
    for _ in range(5):
        breaker.failed("refused", was_slow=False)
        breaker.worked()

    assert not breaker.is_open


def test_one_failure_that_cost_the_whole_second_opens_it() -> None:
    breaker = Breaker()

    breaker.failed("took too long", was_slow=True)

    assert breaker.is_open


def test_one_caller_at_a_time_may_try_again() -> None:
    breaker = Breaker()
    breaker.failed("took too long", was_slow=True)
    breaker._try_at = 0.0

    assert [breaker.may_try() for _ in range(3)] == [True, False, False]


def test_nobody_tries_again_before_five_seconds_or_while_it_is_closed() -> None:
    breaker = Breaker()
    closed = breaker.may_try()
    breaker.failed("took too long", was_slow=True)

    assert (closed, breaker.may_try()) == (False, False)


@pytest.mark.usefixtures("no_pause")
def test_success_closes_it_and_failure_keeps_it_open() -> None:
    breaker = Breaker()
    breaker.failed("took too long", was_slow=True)
    breaker.failed("refused", was_slow=False)
    still = breaker.is_open

    breaker.worked()

    assert (still, breaker.is_open) == (True, False)
