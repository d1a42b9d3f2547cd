"""When a provider tries again, and when it gives up."""

import pytest

from channels_cfg import registry
from portal.simulator.clock import RetryClock


@pytest.mark.parametrize(
    ("provider", "ack_limit_s", "waits"),
    [("cams", 3, [60, 300]), ("8x8", 5, [1, 10, 30, 90])],
)
def test_provider_tries_again_as_it_documents(
    provider: str, ack_limit_s: float, waits: list[float]
) -> None:
    clock = RetryClock.of(registry.adapter(provider).limits)

    assert clock.ack_limit_s == ack_limit_s
    assert [clock.next_try(100, n + 1) for n in range(len(waits))] == [
        100 + wait for wait in waits
    ]


def test_provider_gives_up_after_its_last_attempt() -> None:
    clock = RetryClock(ack_limit_s=3, retry_after_s=(60, 300))

    assert clock.next_try(0, 2) == 300
    assert clock.next_try(0, 3) is None


def test_compressed_clock_waits_less_for_retries_but_not_for_answers() -> None:
    clock = RetryClock.of(registry.adapter("cams").limits, compress=60)

    assert clock.ack_limit_s == 3
    assert list(clock.retry_after_s) == [1, 5]
    assert clock.longest_s == 8
