"""When a worker counts as stalled."""

from portal.stalls import STALLED_AFTER_S, WORKS_AT_MOST_S, StallWatch


def test_worker_with_nothing_to_take_is_never_stalled() -> None:
    watch = StallWatch(0)

    assert not watch.is_stalled(1000, waiting=0, working=0)


def test_worker_that_leaves_tasks_waiting_is_stalled() -> None:
    watch = StallWatch(0)

    assert not watch.is_stalled(100, waiting=1, working=0)
    assert watch.is_stalled(101 + STALLED_AFTER_S, waiting=1, working=0)


def test_worker_that_is_at_work_has_until_its_hard_limit() -> None:
    watch = StallWatch(0)
    watch.is_stalled(100, waiting=1, working=2)

    assert not watch.is_stalled(101 + STALLED_AFTER_S, waiting=1, working=2)
    assert watch.is_stalled(101 + WORKS_AT_MOST_S, waiting=1, working=2)


def test_worker_that_takes_a_task_has_time_anew() -> None:
    watch = StallWatch(0)
    watch.is_stalled(100, waiting=5, working=0)

    watch.took(110)

    assert not watch.is_stalled(110 + STALLED_AFTER_S, waiting=4, working=0)
