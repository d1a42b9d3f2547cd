"""Each kind of alert, provoked: told once when it begins, once when it is over."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from channels_cfg.models import Channel
from receipts.alerts.kinds import KINDS
from receipts.alerts.models import Destination
from tests.receipts.alerts.conftest import TakeTurn
from tests.receipts.alerts.provoking import PROVOKED, Place, Push
from tests.receipts.alerts.receiver import Receiver


@pytest.fixture
def place(channel: Channel, push: Push, settings: Settings) -> Place:
    """The channel and its door."""
    return Place(channel, push, settings)


@pytest.mark.usefixtures("hook")
@pytest.mark.parametrize("what", PROVOKED)
def test_what_is_provoked_is_told_once_and_so_is_its_recovery(
    place: Place, turn: TakeTurn, receiver: Receiver, what: str
) -> None:
    provoke: Any
    provoke, kind, after = PROVOKED[what]
    lasting = timedelta(minutes=KINDS[kind].lasting)
    clear = timedelta(minutes=KINDS[kind].clear)

    with provoke(place):
        turn()
        turn(lasting)
        turn()
        assert receiver.changes == [("alert.opened", kind)]
    turn(after)
    turn(clear)
    turn()

    assert receiver.changes == [("alert.opened", kind), ("alert.recovered", kind)]


def test_every_kind_is_provoked_here_but_the_one_without_a_database() -> None:
    provoked = {kind for _, kind, _ in PROVOKED.values()}

    assert provoked == KINDS.keys() - {"database"}


@pytest.mark.usefixtures("channel")
def test_portal_at_rest_tells_nothing(
    hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    for _ in range(3):
        turn()

    assert not receiver.bodies
    assert not hook.deliveries.exists()
