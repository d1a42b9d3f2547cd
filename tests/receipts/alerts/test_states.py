"""How alerts change, and when they are told: lasting, flapping, snoozed, quiet."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from channels_cfg.models import Channel
from receipts.alerts import turn as turns
from receipts.alerts.models import Alert, AlertRule, Destination, Snooze, Turn
from receipts.alerts.turn import take_turn
from receipts.alerts.zones import is_quiet
from tests.receipts.alerts.conftest import TakeTurn, used
from tests.receipts.alerts.receiver import Receiver

DAY, NOW = timedelta(hours=25), timedelta()
MINUTE = timedelta(minutes=1)


def test_what_does_not_last_is_told_to_nobody(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    AlertRule.objects.create(kind="silence", limits={"lasting": 5})
    used(channel, DAY)
    turn()
    assert Alert.objects.get().state == "pending"
    used(channel, NOW)
    turn()

    assert not Alert.objects.exists()
    assert not receiver.bodies


def test_what_comes_back_within_its_clear_time_is_one_alert(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    AlertRule.objects.create(kind="silence", limits={"clear": 5})
    for quiet in (DAY, NOW, DAY, NOW, DAY):
        used(channel, quiet)
        turn(MINUTE)

    assert receiver.changes == [("alert.opened", "silence")]


def test_what_flaps_stays_open_until_it_was_quiet_for_an_hour(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    for _ in range(12):
        for quiet in (DAY, NOW):
            used(channel, quiet)
            turn(MINUTE)
    assert len(receiver.bodies) == 5  # the third time it stays open
    turn(timedelta(minutes=61))
    turn(MINUTE)

    assert len(receiver.bodies) == 6
    assert receiver.changes[-1] == ("alert.recovered", "silence")


def test_rule_of_a_channel_wins_over_the_one_for_all(
    channel: Channel, hook: Destination, turn: TakeTurn
) -> None:
    other = Channel.objects.create(key="b", name="B", provider="cams", type="viber")
    other.callback_paths.create(receipt_type="mt_status", path="b/x")
    AlertRule.objects.create(kind="silence", limits={"hours": 100})
    AlertRule.objects.create(kind="silence", limits={"hours": 2}, channel=other)
    used(channel, DAY)
    used(other, timedelta(hours=3))

    turn()

    assert Alert.objects.get().channel == other


def test_rule_that_is_off_judges_nothing(
    channel: Channel, hook: Destination, turn: TakeTurn
) -> None:
    AlertRule.objects.create(kind="silence", channel=channel, is_enabled=False)
    used(channel, DAY)

    turn()

    assert not Alert.objects.exists()


@pytest.mark.parametrize("what", ["subject", "kind", "channel", "everything"])
def test_snoozed_alert_is_noted_and_told_only_if_it_outlasts_its_snooze(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver, what: str
) -> None:
    named: dict[str, object] = {
        "subject": {"kind": "silence", "subject": channel.key},
        "kind": {"kind": "silence"},
        "channel": {"channel": channel},
        "everything": {},
    }
    until = timezone.now() + timedelta(minutes=30)
    Snooze.objects.create(until=until, reason="tried", **named[what])  # type: ignore[arg-type]  # names of fields
    used(channel, DAY)
    turn()
    assert Alert.objects.get().state == "open"
    assert not receiver.bodies
    turn(timedelta(minutes=31))

    assert receiver.changes == [("alert.opened", "silence")]


def test_alert_that_was_told_and_is_over_within_a_snooze_is_told_after_it(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    used(channel, DAY)
    turn()
    until = timezone.now() + timedelta(minutes=30)
    Snooze.objects.create(until=until, reason="tried")
    used(channel, NOW)
    turn(MINUTE)
    turn(MINUTE)
    assert len(receiver.bodies) == 1
    turn(timedelta(minutes=31))

    assert receiver.changes[1:] == [("alert.recovered", "silence")]


def test_what_begins_and_ends_in_quiet_hours_is_not_told(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    Destination.objects.update(
        quiet_from=time(0), quiet_until=time(0), wakes=False, level="warning"
    )
    used(channel, DAY)
    turn()
    used(channel, NOW)
    turn(MINUTE)
    turn(MINUTE)
    Destination.objects.update(quiet_from=None, quiet_until=None)
    turn(MINUTE)

    assert Alert.objects.get().state == "closed"
    assert not receiver.bodies


def test_critical_alert_breaks_through_quiet_hours_where_it_may(
    channel: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    Destination.objects.update(quiet_from=time(0), quiet_until=time(0))
    used(channel, DAY)

    turn()

    assert receiver.changes == [("alert.opened", "silence")]


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-11-19T13:59", False),  # Thursday, 21:59 in Singapore
        ("2026-11-19T14:00", True),
        ("2026-11-19T23:59", True),
        ("2026-11-20T00:00", False),  # Friday, 8:00
        ("2026-11-20T16:30", True),  # Saturday, 0:30
        ("2026-11-21T04:00", True),  # Saturday, noon
        ("2026-11-23T03:00", False),
    ],
)
def test_quiet_hours_go_by_the_zone_past_midnight_and_through_weekends(
    at: str, quiet: bool
) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert quiet == is_quiet(
        now, start=time(22), end=time(8), weekends=True, zone="Asia/Singapore"
    )


@pytest.mark.parametrize(
    ("kinds", "channels", "told"),
    [([], [], 1), (["disk"], [], 0), ([], ["wa-main"], 1), ([], ["other"], 0)],
)
def test_destination_hears_of_its_kinds_and_channels_only(
    channel: Channel,
    hook: Destination,
    turn: TakeTurn,
    receiver: Receiver,
    kinds: list[str],
    channels: list[str],
    told: int,
) -> None:
    Channel.objects.create(key="other", name="O", provider="cams", type="viber")
    Destination.objects.update(kinds=kinds)
    hook.channels.set(Channel.objects.filter(key__in=channels))
    used(channel, DAY)

    turn()

    assert len(receiver.bodies) == told


def test_two_evaluators_judge_once_in_a_while(
    channel: Channel, hook: Destination, transactional_db: None
) -> None:
    assert take_turn()
    assert not take_turn()
    Turn.objects.update(judged_at=timezone.now() - timedelta(seconds=25))

    assert take_turn()


def test_evaluator_does_nothing_while_another_holds_the_lock(
    transactional_db: None,
) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [turns._LOCK])

            assert not take_turn()

            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert take_turn()
