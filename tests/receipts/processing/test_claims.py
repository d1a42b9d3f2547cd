"""Claims are fenced, and a callback that cannot be read never blocks the others."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from channels_cfg import registry
from channels_cfg.models import Channel
from channels_cfg.providers.cams.wire import Cams
from receipts.models import Callback, QuarantinedItem, Receipt
from receipts.processing import claiming
from receipts.processing.drain import drain, drain_claim
from tests.receipts.processing.orders import kept

ITEMS: list[dict[str, object]] = [
    {"MessageId": f"m{n}", "From": "861", "To": f"86138{n}", "Status": "Sent"}
    for n in range(5)
]


class RaisingCams(Cams):
    """CAMS with a defect: what holds m2 cannot even be cut."""

    def split(self, body: bytes) -> Sequence[bytes]:
        if b"m2" in body:
            raise RuntimeError("a defect of ours")
        return super().split(body)


@pytest.fixture
def broken_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.adapters(), "cams", RaisingCams(slug="cams"))


@pytest.fixture
def callbacks(channel: Channel) -> list[Callback]:
    return Callback.objects.bulk_create(kept(channel, ITEMS))


def _states(callbacks: Sequence[Callback]) -> list[str]:
    found = Callback.objects.in_bulk([callback.pk for callback in callbacks])
    return [found[callback.pk].state for callback in callbacks]


def test_two_claims_share_nothing(callbacks: list[Callback]) -> None:
    first, second = claiming.claim(), claiming.claim()

    assert len(first.callbacks) == 5
    assert not second.callbacks


def test_callback_dated_by_a_clock_ahead_is_read_at_once(
    callbacks: list[Callback],
) -> None:
    Callback.objects.update(received_at=timezone.now() + timedelta(hours=2))

    assert len(claiming.claim(older_than_s=2).callbacks) == 5


def test_callback_of_the_last_seconds_is_left_to_who_was_woken_for_it(
    callbacks: list[Callback],
) -> None:
    Callback.objects.update(received_at=timezone.now())

    assert not claiming.claim(older_than_s=2).callbacks
    assert len(claiming.claim().callbacks) == 5


def test_claim_whose_lease_was_taken_writes_nothing(
    callbacks: list[Callback],
) -> None:
    frozen = claiming.claim()
    Callback.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = claiming.claim()

    drained = drain_claim(frozen)

    assert drained["callbacks"] == 0
    assert Receipt.objects.count() == 0
    assert drain_claim(taken)["new"] == len(taken.callbacks)


def test_callback_whose_reading_raises_does_not_block_the_others(
    callbacks: list[Callback], broken_adapter: None
) -> None:
    drain()

    assert _states(callbacks) == ["done", "done", "pending", "done", "done"]
    waiting = Callback.objects.get(state="pending")
    assert "a defect of ours" in (waiting.error or "")
    assert waiting.next_attempt_at is not None


def test_callback_that_fails_again_and_again_is_set_aside_with_its_error(
    callbacks: list[Callback], broken_adapter: None
) -> None:
    for _ in range(claiming.SET_ASIDE_AFTER):
        drain()
        Callback.objects.update(next_attempt_at=None)

    assert _states(callbacks).count("failed") == 1


def test_callback_that_killed_its_reader_is_tried_alone_and_then_set_aside(
    callbacks: list[Callback],
) -> None:
    Callback.objects.filter(pk=callbacks[0].pk).update(attempts=3)
    alone = claiming.claim()
    Callback.objects.filter(pk=callbacks[0].pk).update(
        attempts=claiming.SET_ASIDE_AFTER, lease_until=None
    )

    drain()

    assert [one.id for one in alone.callbacks] == [callbacks[0].pk]
    assert _states(callbacks) == ["failed", "done", "done", "done", "done"]


def test_callback_that_died_once_is_read_among_few(callbacks: list[Callback]) -> None:
    Callback.objects.update(attempts=1)

    assert 1 < len(claiming.claim().callbacks) <= 20


def test_claim_ends_at_the_size_of_a_batch(
    callbacks: list[Callback], settings: object
) -> None:
    settings.DRAIN_BATCH_BYTES = 1  # type: ignore[attr-defined]  # pytest-django's

    assert len(claiming.claim().callbacks) == 1


def test_adapter_that_raises_on_one_item_sets_that_item_aside(
    callbacks: list[Callback],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(*_: object) -> None:
        raise KeyError("To")

    monkeypatch.setattr(Cams, "read", read)

    drain()

    assert QuarantinedItem.objects.count() == 5
    assert "KeyError" in QuarantinedItem.objects.all()[0].reason
