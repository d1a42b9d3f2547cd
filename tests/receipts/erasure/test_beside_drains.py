"""An erasure that is killed goes on, and drains go on beside it."""

import threading

import pytest
from django.db import connection

from receipts.erasure import asking, removing, running, scanning
from receipts.models import Callback, Conversation, Erasure, Message, Receipt
from receipts.processing.drain import drain
from tests.receipts.conftest import Push
from tests.receipts.erasure.conftest import HER, HIS, Erase, everything, inbound, status


@pytest.mark.parametrize("step", ["remove_conversations", "look"])
def test_erasure_that_died_goes_on_where_it_was(
    push: Push, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    push([status(HER, f"m{n}") for n in range(50)] + [status(HIS, "his")])
    place = scanning if step == "look" else removing
    erasure = asking.ask(HER, by="test")
    with monkeypatch.context() as dying:
        dying.setattr(place, step, _die)
        with pytest.raises(RuntimeError):
            running.run_all(for_seconds=60)

    running.run_all(for_seconds=60)

    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    assert erasure.removed["receipts"] == 50
    assert [m.message_id for m in Message.objects.all()] == ["his"]


def _die(*_: object) -> None:
    raise RuntimeError("killed")


def test_erasure_goes_slice_by_slice(push: Push) -> None:
    push([status(HER, f"m{n}") for n in range(50)])
    asking.ask(HER, by="test")

    slices = 1
    while not running.run_all(for_seconds=0):
        slices += 1

    assert slices > 3
    assert not Receipt.objects.exists()


def test_erasure_beside_drains_loses_nobody_else(push: Push, erase: Erase) -> None:
    for n in range(60):
        push([status(HER, f"a{n}"), status(HIS, f"b{n}")], drained=False)
    drain(for_seconds=1)
    for n in range(60):
        push(
            [inbound(HER, f"c{n}"), inbound(HIS, f"d{n}")], "mo_message", drained=False
        )
    draining = [threading.Thread(target=_drain_apart) for _ in range(2)]
    for each in draining:
        each.start()

    erase()
    for each in draining:
        each.join()
    drain()

    assert HER not in everything()
    assert set(Callback.objects.values_list("state", flat=True)) == {"done"}
    assert Message.objects.count() == 120
    assert Conversation.objects.get().messages == 120


def _drain_apart() -> None:
    drain(for_seconds=10)
    connection.close()
