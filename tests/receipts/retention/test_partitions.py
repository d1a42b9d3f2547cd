"""Partitions that are over go, unless something in them is still to be dealt with."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from psycopg import connect

from channels_cfg.models import Channel
from receipts.models import (
    AccessRecord,
    Callback,
    Conversation,
    ConversationIdentity,
    Message,
    QuarantinedItem,
    Receipt,
    ReceiptCount,
    ReceiptKey,
    Removal,
    Sighting,
)
from receipts.retention import partitions
from receipts.retention.running import Line, preview, run
from tests.receipts.conftest import Push
from tests.receipts.retention.conftest import (
    Old,
    address,
    is_there,
    item,
    partition_of,
)


def test_day_of_callbacks_that_is_over_goes_and_younger_ones_stay(old: Old) -> None:
    gone, kept = old(40), old(20, [item("m2")])

    run(timezone.now(), for_seconds=30)

    assert not is_there(partition_of("receipts_callback", gone.received_at))
    assert [c.pk for c in Callback.objects.all()] == [kept.pk]
    assert Receipt.objects.count() == 2  # these are kept for longer
    assert Removal.objects.get(kind="callbacks", rows__gt=0).rows == 1


def test_day_with_pending_callback_stays(old: Old) -> None:
    waiting = old(40, drained=False)

    done = run(timezone.now(), for_seconds=30)

    assert Callback.objects.get().pk == waiting.pk
    assert [line.held for line in _callbacks(done)] == ["1 waiting to be read"]


@pytest.mark.parametrize("body", [b"not json", b"[17]"])
def test_day_with_open_quarantine_stays_until_it_is_closed(
    old: Old, body: bytes
) -> None:
    old(40, body)

    run(timezone.now(), for_seconds=30)
    is_kept = Callback.objects.exists()
    QuarantinedItem.objects.update(state="ignored", closed_at=timezone.now())
    run(timezone.now(), for_seconds=30)

    assert is_kept
    assert not Callback.objects.exists()
    assert not QuarantinedItem.objects.exists()


def test_callback_given_up_unread_holds_its_day(old: Old) -> None:
    old(40, drained=False)
    Callback.objects.update(state="failed", processed_at=timezone.now())

    (line,) = _callbacks(run(timezone.now(), for_seconds=30))

    assert line.held == "1 given up, never read"
    assert Callback.objects.exists()


def test_months_of_receipts_and_messages_go_and_counts_stay(old: Old) -> None:
    old(500, [item(), item()])
    old(100, [item("m2")])

    run(timezone.now(), for_seconds=30)

    assert [r.message_id for r in Receipt.objects.all()] == ["m2"]
    assert [m.message_id for m in Message.objects.all()] == ["m2"]
    assert not Sighting.objects.exists()
    assert sum(ReceiptCount.objects.values_list("n", flat=True)) == 2


def test_person_of_whom_nothing_is_left_goes_too(old: Old) -> None:
    old(500)

    run(timezone.now(), for_seconds=30)

    assert not Conversation.objects.exists()
    assert not ConversationIdentity.objects.exists()


def test_record_of_who_did_what_goes_after_its_own_time(channel: Channel) -> None:
    user = User.objects.create_user("ops")
    for days in (100, 800):
        made = AccessRecord.objects.create(user=user, act="reveal", subject=str(days))
        at = timezone.now() - timedelta(days=days)
        AccessRecord.objects.filter(pk=made.pk).update(at=at)

    run(timezone.now(), for_seconds=30)

    assert [record.subject for record in AccessRecord.objects.all()] == ["100"]


def test_repeat_after_its_partition_is_gone_is_still_a_repeat(
    old: Old, push: Push
) -> None:
    old(500)
    run(timezone.now(), for_seconds=30)

    again = push([item(), item("m2")])

    assert (again.new, again.duplicates) == (1, 1)
    assert [r.message_id for r in Receipt.objects.all()] == ["m2"]
    assert [m.message_id for m in Message.objects.all()] == ["m2"]
    assert sum(ReceiptCount.objects.values_list("n", flat=True)) == 2


def test_keys_go_when_they_are_twice_as_old(old: Old) -> None:
    old(900)
    old(500, [item("m2")])

    run(timezone.now(), for_seconds=30)

    assert ReceiptKey.objects.count() == 1


def test_rows_of_the_default_partition_go_but_pending_ones(old: Old) -> None:
    old(41, default=True)
    waiting = old(42, [item("m2")], drained=False, default=True)

    run(timezone.now(), for_seconds=30)

    assert [c.pk for c in Callback.objects.all()] == [waiting.pk]


def test_run_twice_removes_nothing_more(old: Old) -> None:
    old(500)

    run(timezone.now(), for_seconds=30)
    before = Removal.objects.count()
    again = run(timezone.now(), for_seconds=30)

    assert again == []
    assert Removal.objects.count() == before


def test_preview_says_what_goes_and_when_and_changes_nothing(old: Old) -> None:
    over, soon = old(40), old(25, [item("m2")])

    # Partitions that other tests made are told of, too.
    lines = {line.name: line for line in _callbacks(preview(timezone.now()))}

    first, last = (
        lines[partition_of("receipts_callback", each.received_at)]
        for each in (over, soon)
    )
    assert (first.is_due, last.is_due) == (True, False)
    day = soon.received_at.replace(hour=0, minute=0, second=0, microsecond=0)
    assert last.goes_at == day + timedelta(days=31)
    assert Callback.objects.count() == 2


def _callbacks(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.kind == "callbacks" and line.rows]


def test_partition_being_read_is_left_for_another_time(
    old: Old, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "_TRIES", 2)
    old(40)

    with connect(address()) as reader:
        reader.execute("SELECT count(*) FROM receipts_callback")
        done = run(timezone.now(), for_seconds=30)
        push([item("m2")])  # the door goes on meanwhile

    assert "is being read" in done[0].held
    assert Callback.objects.count() == 2
    run(timezone.now(), for_seconds=30)
    assert Callback.objects.count() == 1


def test_door_waits_a_moment_at_most_while_a_partition_is_asked_for(
    old: Old, push: Push
) -> None:
    old(40)
    with connect(address()) as reader:
        reader.execute("SELECT count(*) FROM receipts_callback")
        removing = threading.Thread(target=_run_apart)
        removing.start()

        began = timezone.now()
        for number in range(20):
            push([item(f"n{number}")], drained=False)
        took = timezone.now() - began
        removing.join()

    assert took < timedelta(seconds=15)


def _run_apart() -> None:
    run(timezone.now(), for_seconds=30)
    connection.close()


def test_detached_partition_of_a_run_that_died_is_dropped(old: Old) -> None:
    gone = old(40)
    name = partition_of("receipts_callback", gone.received_at)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE receipts_callback DETACH PARTITION {name}")
        cursor.execute(f"ALTER TABLE {name} RENAME TO {name}_gone")

    run(timezone.now(), for_seconds=30)

    assert not is_there(f"{name}_gone")


def test_days_are_those_of_the_settings() -> None:
    assert settings.RETENTION_CALLBACKS_DAYS == 30
    assert settings.RETENTION_RECEIPTS_DAYS == 400
