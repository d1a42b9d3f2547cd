"""Of several clocks for scheduled tasks one is at work."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from celery import current_app
from django.db import connection

from portal.beat import OneAtATime

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)


class Host:
    """A thread with a connection of its own, and a clock."""

    def __init__(self, schedule: Path) -> None:
        self._pool = ThreadPoolExecutor(1)
        self.clock = self.do(
            lambda: OneAtATime(current_app, schedule_filename=str(schedule), lazy=True)
        )

    def do(self, work: Callable[[], T]) -> T:
        """Have the host do something."""
        done: Future[T] = self._pool.submit(work)
        return done.result(20)

    def is_at_work(self) -> bool:
        """Say whether its clock is the one."""
        return self.do(self.clock.is_at_work)

    def die(self) -> None:
        """End the host's connection, as a kill does."""
        self.do(lambda: connection.close())

    def leave(self) -> None:
        """End the thread."""
        self._pool.shutdown()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[tuple[Host, Host]]:
    two = Host(tmp_path / "one"), Host(tmp_path / "two")
    yield two
    for host in two:
        host.die()
        host.leave()


def test_one_clock_of_two_is_at_work_and_stays_it(hosts: tuple[Host, Host]) -> None:
    first, second = hosts

    assert [first.is_at_work(), second.is_at_work()] == [True, False]
    assert [first.is_at_work(), second.is_at_work()] == [True, False]


def test_clock_that_died_is_followed_by_the_other(hosts: tuple[Host, Host]) -> None:
    first, second = hosts
    assert first.is_at_work()

    first.die()

    assert second.is_at_work()
    assert not first.is_at_work()


def test_clock_that_is_not_at_work_sends_nothing_and_looks_again_soon(
    hosts: tuple[Host, Host],
) -> None:
    first, second = hosts
    assert first.is_at_work()

    assert second.do(second.clock.tick) == 5.0
