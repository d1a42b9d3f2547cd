"""Pauses grow, differ from host to host, and begin anew."""

from receipts.queues.pauses import Pauses


def test_pauses_double_up_to_the_longest_with_jitter() -> None:
    pauses = Pauses(first_s=1, longest_s=8)

    taken = [pauses.next() for _ in range(6)]

    for pause, middle in zip(taken, [1, 2, 4, 8, 8, 8], strict=True):
        assert 0.75 * middle <= pause <= 1.25 * middle
    assert len(set(taken)) == 6


def test_pause_is_at_least_what_was_asked_for() -> None:
    assert Pauses(first_s=1, longest_s=60).next(at_least_s=10) >= 7.5


def test_pauses_begin_anew_after_a_reset() -> None:
    pauses = Pauses(first_s=1, longest_s=60)
    for _ in range(5):
        pauses.next()

    pauses.reset()

    assert pauses.next() <= 1.25
