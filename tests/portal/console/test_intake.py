"""The deadline monitor and the loss clock, as staff see them."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel, ProviderQueue
from portal.console.views.intake import length_words
from receipts.intake import acks as acks_module
from receipts.intake.acks import Acks
from receipts.models import AckHour, IntakeSpan
from receipts.watching.deadlines import deadlines

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def answered(now: datetime, *spans: tuple[int, int], why: str = "") -> None:
    """Note that the door answered from and to so many minutes ago."""
    for start, end in spans:
        IntakeSpan.objects.create(
            host="a",
            started_at=now - MINUTE * start,
            ended_at=now - MINUTE * end,
            why_before=why,
            turned_away=7 if why else None,
        )


def text(client: Client) -> str:
    html = client.get(reverse("admin:intake")).content.decode()
    return " ".join(html.split())


def test_portal_that_was_just_started_says_that_nobody_has_looked(
    owner: Client,
) -> None:
    assert "Nobody has seen the door answer yet" in text(owner)
    assert "/healthz/ingest" in text(owner)


def test_intake_without_a_gap_is_well(
    owner: Client, channel: Channel, now: datetime
) -> None:
    answered(now, (60, 0))

    assert "Answering without a gap, and in time" in text(owner)


def test_gap_tells_what_is_lost_and_what_came(
    owner: Client, channel: Channel, now: datetime
) -> None:
    answered(now, (60, 40), (32, 0), why="answered 502")

    page = text(owner)

    assert "1 gap in 30 days" in page
    assert "answered 502; the edge turned 7 pushes away" in page
    assert "<strong>3 min</strong>: first tried" in page
    assert "the rest had come by" in page
    assert "tried again after 1 min, 5 min" in page
    assert "not known yet" in page


def test_gap_that_goes_on_tells_what_may_still_come(
    owner: Client, channel: Channel, now: datetime
) -> None:
    answered(now, (60, 2))

    page = text(owner)

    assert "The door is not seen to answer" in page
    assert "Nobody looked" in page
    assert "if the door answers" in page


def test_queue_of_a_channel_softens_the_loss(
    owner: Client, channel: Channel, now: datetime
) -> None:
    ProviderQueue.objects.create(
        channel=channel, receipt_type="mt_status", queue_name="Q"
    )
    answered(now, (60, 40), (20, 0))

    assert "but its queue brings MT status as well" in text(owner)


def test_channel_without_an_open_path_loses_nothing(
    owner: Client, channel: Channel, now: datetime
) -> None:
    CallbackPath.objects.update(is_enabled=False)
    answered(now, (60, 40), (20, 0))

    assert "No channel takes pushes" in text(owner)


def test_late_acknowledgements_are_counted_against_the_providers_limit(
    owner: Client, channel: Channel, now: datetime
) -> None:
    counted = Acks(lambda: now)
    for ms, passed in ((2, 0), (1600, 1), (2500, 2), (3100, 3)):
        counted.took(channel.pk, ms, passed)
    counted.flush()
    counted.flush()

    (found,) = deadlines(now - timedelta(hours=1))

    assert (found.n, found.over_50, found.over_80, found.over_100) == (4, 3, 2, 1)
    assert (found.limit.seconds, round(found.slowest_share)) == (3, 103)
    answered(now, (60, 0))
    assert "1 acknowledgement of the last day came too late" in text(owner)


def test_counts_of_several_processes_are_added(channel: Channel, now: datetime) -> None:
    for ms in (10, 30, 20):
        counted = Acks(lambda: now)
        counted.took(channel.pk, ms, 0)
        counted.flush()

    assert list(AckHour.objects.values_list("n", "slowest_ms")) == [(3, 30)]


def test_counts_wait_while_the_database_is_away(
    channel: Channel, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseError

    counted = Acks(lambda: now)
    counted.took(channel.pk, 10, 0)
    with monkeypatch.context() as patched:
        patched.setattr(acks_module, "run", away)
        with pytest.raises(DatabaseError):
            counted.flush()
    counted.took(channel.pk, 40, 0)
    counted.flush()

    assert list(AckHour.objects.values_list("n", "slowest_ms")) == [(2, 40)]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3661, "1 h 1 min"), (90_000, "1 d 1 h")],
)
def test_length_is_told_in_two_units_at_most(seconds: int, words: str) -> None:
    assert length_words(timedelta(seconds=seconds)) == words
