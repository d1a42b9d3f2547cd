"""One holder a place, over all hosts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from receipts.models import QueueState
from receipts.queues import leases as module
from receipts.queues.leases import Leases
from receipts.queues.wanted import Place, QueueName

PLACE = Place(QueueName("http://127.0.0.1:1", "q"), 0)

pytestmark = pytest.mark.django_db


def run_out() -> None:
    QueueState.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_place_is_taken_by_one_and_refused_to_another() -> None:
    first, second = Leases(), Leases()

    assert first.take(PLACE)
    assert not second.take(PLACE)
    assert first.is_held(PLACE)
    assert not second.is_held(PLACE)
    assert QueueState.objects.get().holder == first.holder


def test_place_may_be_taken_twice_by_its_holder() -> None:
    leases = Leases()

    assert leases.take(PLACE)
    assert leases.take(PLACE)


def test_other_places_of_the_queue_are_free() -> None:
    assert Leases().take(PLACE)
    assert Leases().take(Place(PLACE.queue, 1))


def test_released_place_is_free_at_once() -> None:
    first, second = Leases(), Leases()
    first.take(PLACE)

    first.release(PLACE)

    assert not first.is_held(PLACE)
    assert second.take(PLACE)


def test_lease_that_ran_out_is_taken_and_cannot_be_renewed() -> None:
    first, second = Leases(), Leases()
    first.take(PLACE)
    run_out()

    assert second.take(PLACE)
    first.renew()
    first.release_all()

    assert QueueState.objects.get().holder == second.holder


def test_renewed_lease_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    leases = Leases()
    leases.take(PLACE)
    run_out()

    leases.renew()

    assert QueueState.objects.get().lease_until > timezone.now()  # type: ignore[operator]  # it is set
    assert not Leases().take(PLACE)


def test_holder_lets_go_by_itself_when_it_cannot_renew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LEASE_S", 0.0)
    leases = Leases()

    leases.take(PLACE)

    assert not leases.is_held(PLACE)
