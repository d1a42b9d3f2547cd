"""The database away: told from memory, and its recovery in the usual way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from receipts.alerts import running
from receipts.alerts.away import Away
from receipts.alerts.models import Alert, Destination, HostState, Snooze
from tests.receipts.alerts.conftest import TakeTurn
from tests.receipts.alerts.receiver import Receiver


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at zero."""
    return Clock()


def test_database_away_is_told_once_and_its_recovery_when_it_is_back(
    hook: Destination, turn: TakeTurn, receiver: Receiver, clock: Clock
) -> None:
    away = Away(clock)
    away.is_back()
    for clock.now in (0, 100, 200, 230, 600):
        away.is_away("connection refused")
    assert receiver.changes == [("alert.opened", "database")]
    away.is_back()
    turn()
    turn(timedelta(minutes=1))

    opened, recovered = receiver.told
    assert recovered["type"] == "alert.recovered"
    assert recovered["data"]["key"] == opened["data"]["key"]
    assert Alert.objects.get().state == "closed"


def test_short_absence_is_told_to_nobody(
    hook: Destination, receiver: Receiver, clock: Clock
) -> None:
    away = Away(clock)
    away.is_back()
    for clock.now in (0, 170):
        away.is_away("connection refused")
    away.is_back()
    clock.now = 200
    away.is_away("connection refused")

    assert not receiver.bodies
    assert not Alert.objects.exists()


def test_receiver_that_fails_meanwhile_is_tried_again(
    hook: Destination, receiver: Receiver, clock: Clock, turn: TakeTurn
) -> None:
    away = Away(clock)
    away.is_back()
    away.is_away("x")
    clock.now, receiver.status = 200, 500
    away.is_away("x")
    away.is_back()
    receiver.status = 200
    turn(timedelta(seconds=15))

    assert [each["type"] for each in receiver.told] == ["alert.opened"] * 2


def test_snooze_holds_while_the_database_is_away(
    hook: Destination, receiver: Receiver, clock: Clock
) -> None:
    Snooze.objects.create(until=timezone.now() + timedelta(hours=1), reason="upgrade")
    away = Away(clock)
    away.is_back()
    away.is_away("x")
    clock.now = 1000
    away.is_away("x")

    assert not receiver.bodies


def test_sweep_takes_a_database_that_only_reads_for_one_that_is_away(
    hook: Destination, receiver: Receiver, clock: Clock
) -> None:
    away = Away(clock)
    running.step(away)
    assert HostState.objects.get().spool_rows == 0
    _only_reads(True)
    try:
        running.step(away)
        clock.now = 200
        running.step(away)
    finally:
        _only_reads(False)

    assert receiver.changes == [("alert.opened", "database")]


def _only_reads(is_so: bool) -> None:
    """Have new sessions of this database read only, or write again."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        switch = "on" if is_so else "off"
        cursor.execute(
            f"ALTER DATABASE {name} SET default_transaction_read_only = {switch}"
        )
    connection.close()
