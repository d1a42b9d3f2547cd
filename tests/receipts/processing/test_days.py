"""Days that are summed: the same counts as from their hours, at any moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection, transaction

from channels_cfg.models import Channel
from receipts.models import ReceiptCount, ReceiptDay
from receipts.processing.counts import compact
from receipts.processing.days import sum_days
from receipts.querysets.days import daily_counts

FIRST = datetime(2026, 3, 28, tzinfo=UTC)  # summer time begins in Europe
DAYS = 5
SPAN = (FIRST, FIRST + timedelta(days=DAYS))
GROUPS = ("channel__key", "kind", "status", "error_code", "template_code")
pytestmark = pytest.mark.django_db


@pytest.fixture
def channels() -> list[Channel]:
    """Two channels that count."""
    return [
        Channel.objects.create(key=key, name=key, provider="cams", type="whatsapp")
        for key in ("one", "two")
    ]


def append(channels: list[Channel], chance: Random, days: range, number: int) -> None:
    """Append differences, some of which take back what others brought."""
    rows = [
        ReceiptCount(
            hour=FIRST
            + timedelta(days=chance.choice(days), hours=chance.randrange(24)),
            channel=chance.choice(channels),
            kind="status",
            status=chance.choice(["sent", "read", None]),
            error_code=chance.choice([None, "", "131026"]),
            template_code=chance.choice([None, "a"]),
            n=chance.choice([1, 2, 5]),
        )
        for _ in range(number)
    ]
    taken_back = chance.sample(rows, number // 3)
    ReceiptCount.objects.bulk_create(rows)
    for row in taken_back:
        row.pk, row.n = None, -row.n
    ReceiptCount.objects.bulk_create(taken_back)


def expected(groups: tuple[str, ...]) -> Counter[tuple[object, ...]]:
    """Sum the hours one by one."""
    counts: Counter[tuple[object, ...]] = Counter()
    for hour, n, *values in ReceiptCount.objects.values_list("hour", "n", *groups):
        counts[hour.replace(hour=0), *values] += n
    return +counts


def assert_equal() -> None:
    """Compare each grouping with the hours."""
    for groups in ((), ("channel__key",), ("status", "error_code"), GROUPS):
        rows = [tuple(row.values()) for row in daily_counts(SPAN, groups, limit=10_000)]
        assert {tuple(key): n for *key, n in rows} == expected(groups)


def compacted() -> None:
    with transaction.atomic():
        compact()


@pytest.mark.parametrize("seed", range(4))
def test_days_say_what_their_hours_say(channels: list[Channel], seed: int) -> None:
    chance = Random(seed)
    append(channels, chance, range(DAYS), 200)
    assert_equal()  # no day is summed, no hour either
    compacted()

    sum_days(FIRST + timedelta(days=2))

    assert ReceiptDay.objects.values("day").distinct().count() == 3
    assert_equal()
    append(channels, chance, range(DAYS), 60)  # late, into days that are summed
    assert_equal()
    compacted()
    assert_equal()
    sum_days(FIRST + timedelta(days=DAYS))
    assert ReceiptDay.objects.values("day").distinct().count() == DAYS
    assert_equal()


def test_day_is_summed_once_and_anew_after_a_change(channels: list[Channel]) -> None:
    append(channels, Random(7), range(1), 30)
    compacted()
    assert sum_days(FIRST) == 1
    assert sum_days(FIRST) == 0

    append(channels, Random(8), range(1), 1)
    compacted()

    assert not ReceiptDay.objects.exists()
    assert sum_days(FIRST) == 1
    assert_equal()


def test_days_that_are_not_over_are_left_alone(channels: list[Channel]) -> None:
    append(channels, Random(1), range(3), 30)
    compacted()

    sum_days(FIRST + timedelta(days=1))

    assert set(ReceiptDay.objects.values_list("day", flat=True)) == {
        FIRST,
        FIRST + timedelta(days=1),
    }


def test_only_asked_channels_are_counted(channels: list[Channel]) -> None:
    append(channels, Random(3), range(DAYS), 50)
    compacted()
    sum_days(FIRST + timedelta(days=2))

    rows = daily_counts(SPAN, ("channel__key",), limit=99, channels=[channels[1].pk])

    assert {row["channel__key"] for row in rows} == {"two"}


def test_nothing_is_summed_where_nothing_was_counted() -> None:
    assert sum_days(FIRST) == 0
    assert daily_counts(SPAN, (), limit=9) == []


@pytest.mark.django_db(transaction=True)
def test_who_compacts_meanwhile_is_not_disturbed(channels: list[Channel]) -> None:
    import psycopg

    append(channels, Random(5), range(1), 10)
    compacted()
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_xact_lock(7260001)")
        assert sum_days(FIRST) == 0

    assert sum_days(FIRST) == 1
