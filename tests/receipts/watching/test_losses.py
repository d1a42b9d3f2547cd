"""The loss clock's arithmetic: against every second of it, tried one by one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_cfg import registry
from receipts.watching.losses import Fate, Return, fate_of
from receipts.watching.windows import Window, Windows, common, joined, total, without

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def window(start: int, end: int) -> Window:
    return Window(NOON + timedelta(seconds=start), NOON + timedelta(seconds=end))


def seconds(windows: Windows) -> set[int]:
    """Return each whole second that is inside."""
    return {
        at
        for each in windows
        for at in range(
            round((each.start - NOON).total_seconds()),
            round((each.end - NOON).total_seconds()),
        )
    }


windows_ = st.builds(
    lambda start, length: window(start, start + length),
    st.integers(0, 150),
    st.integers(1, 60),
)
many = st.lists(windows_, max_size=5)
waits_ = st.lists(st.integers(1, 90), unique=True, max_size=4).map(
    lambda found: tuple(timedelta(seconds=wait) for wait in sorted(found))
)


def tried(at: int, gaps: set[int], waits: tuple[timedelta, ...]) -> int | None:
    """Return with which retry a push first tried ``at`` comes, None if with none."""
    for number, wait in enumerate(waits, start=1):
        if at + round(wait.total_seconds()) not in gaps:
            return number
    return None


def came(returns: tuple[Return, ...]) -> dict[int, int]:
    return {at: each.number for each in returns for at in seconds((each.window,))}


@given(windows_, many, waits_)
def test_fate_is_that_of_each_push_tried_one_by_one(
    gap: Window, others: list[Window], waits: tuple[timedelta, ...]
) -> None:
    fate = fate_of(gap, others, waits, now=LATER)

    away = seconds((gap, *others))
    single = {at: tried(at, away, waits) for at in seconds((gap,))}
    assert seconds(fate.lost) == {at for at, found in single.items() if found is None}
    assert came(fate.returns) == {at: n for at, n in single.items() if n}
    assert fate.coming == ()


@given(windows_, many, waits_, st.integers(0, 300))
def test_every_push_of_a_gap_is_lost_has_come_or_comes_exactly_once(
    gap: Window, others: list[Window], waits: tuple[timedelta, ...], now: int
) -> None:
    fate = fate_of(gap, others, waits, now=NOON + timedelta(seconds=now))

    parts = [*fate.lost, *(each.window for each in (*fate.returns, *fate.coming))]
    assert joined(parts) == (gap,)
    assert total(parts) == gap.length
    for each in fate.coming:
        assert each.comes.start >= NOON + timedelta(seconds=now)
    for each in fate.returns:
        assert each.comes.end <= NOON + timedelta(seconds=now)


@given(st.integers(1, 3000), waits_)
def test_one_gap_alone_loses_what_is_longer_than_the_last_retry(
    length: int, waits: tuple[timedelta, ...]
) -> None:
    fate = fate_of(window(0, length), (), waits, now=LATER)

    last = max(waits, default=timedelta())
    assert fate.lost_for == max(timedelta(), timedelta(seconds=length) - last)


@given(windows_, many, waits_, st.integers(91, 200))
def test_one_more_retry_never_loses_more(
    gap: Window, others: list[Window], waits: tuple[timedelta, ...], more: int
) -> None:
    fewer = fate_of(gap, others, waits, now=LATER)
    further = fate_of(gap, others, (*waits, timedelta(seconds=more)), now=LATER)

    assert seconds(further.lost) <= seconds(fewer.lost)


@given(many, many)
def test_windows_are_sets_of_moments(some: list[Window], others: list[Window]) -> None:
    left, right = joined(some), joined(others)

    assert seconds(left) == set().union(*(seconds((each,)) for each in some))
    assert seconds(common(some, others)) == seconds(left) & seconds(right)
    assert seconds(without(some, others)) == seconds(left) - seconds(right)
    assert all(a.end < b.start for a, b in pairwise(left))


@pytest.mark.parametrize(
    ("provider", "gap_s", "lost_s"),
    [
        ("cams", 60, 0),
        ("cams", 150, 0),
        ("cams", 480, 180),
        ("8x8", 60, 0),
        ("8x8", 150, 60),
        ("8x8", 480, 390),
    ],
)
def test_each_provider_loses_what_its_published_schedule_cannot_bring(
    provider: str, gap_s: int, lost_s: int
) -> None:
    waits = registry.adapter(provider).limits.retry_after

    fate = fate_of(window(0, gap_s), (), waits, now=LATER)

    assert fate.lost_for == timedelta(seconds=lost_s)
    assert seconds(fate.lost) == set(range(lost_s))


def test_gap_that_goes_on_leaves_open_what_may_still_come() -> None:
    waits = (timedelta(seconds=60), timedelta(seconds=300))
    now = NOON + timedelta(seconds=400)

    fate = fate_of(window(0, 400), (), waits, now=now)

    assert seconds(fate.lost) == set(range(100))
    assert came(fate.coming) == {at: 2 if at < 340 else 1 for at in range(100, 400)}
    assert fate.settled_at == NOON + timedelta(seconds=640)


def test_nothing_settles_where_nothing_is_tried_again() -> None:
    fate = fate_of(window(0, 10), (), (), now=LATER)

    assert fate == Fate(lost=(window(0, 10),), returns=(), coming=())
    assert fate.settled_at is None
