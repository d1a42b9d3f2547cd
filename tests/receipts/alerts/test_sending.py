"""Deliveries: signed, tried again, given up, never held up by one receiver."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks import Webhook

from channels_cfg.models import Channel
from channels_cfg.secrets import Hidden
from receipts.alerts import bodies, schedule, sending
from receipts.alerts.models import Alert, Delivery, Destination
from receipts.alerts.sending import send_due
from tests.receipts.alerts.conftest import TakeTurn, used
from tests.receipts.alerts.mailbox import Mailbox
from tests.receipts.alerts.receiver import Receiver

DAY = timedelta(hours=25)


@pytest.fixture
def silent(channel: Channel) -> Channel:
    """A channel that something is wrong with."""
    used(channel, DAY)
    return channel


def test_webhook_is_signed_so_that_the_package_of_the_standard_proves_it(
    silent: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    turn()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Webhook, "_Webhook__verify_timestamp", _any_time)
        told = Webhook(hook.secrets[0]).verify(receiver.bodies[0], receiver.headers[0])
    assert told["data"]["channel"] == silent.key
    assert told["data"]["link"].startswith("http://127.0.0.1:8000/admin/alerts/")
    assert "WhatsApp main: nothing has arrived for over 24 hours" in told["text"]
    assert receiver.headers[0]["webhook-id"] == str(Delivery.objects.get().pk)


def _any_time(_: Webhook, header: str) -> object:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(float(header), UTC)


def test_both_secrets_sign_while_one_replaces_the_other(
    silent: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    hook.secrets = Hidden((bodies.new_secret(), *hook.secrets))
    hook.save()

    turn()

    assert len(receiver.headers[0]["webhook-signature"].split()) == 2


@pytest.mark.usefixtures("silent")
def test_failed_delivery_is_tried_again_later_under_the_same_id(
    hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    receiver.status = 500
    turn()
    receiver.status = 200
    turn(timedelta(seconds=5))
    assert len(receiver.bodies) == 1
    turn(schedule.PAUSES[0])

    kept = Delivery.objects.get()
    assert (kept.state, kept.attempts) == ("sent", 2)
    assert len({each["webhook-id"] for each in receiver.headers}) == 1


@pytest.mark.usefixtures("silent", "hook")
def test_delivery_is_given_up_after_its_last_pause(
    turn: TakeTurn, receiver: Receiver
) -> None:
    receiver.status = 503
    turn()
    for pause in schedule.PAUSES:
        turn(pause + timedelta(seconds=1))
    turn(timedelta(days=1))

    kept = Delivery.objects.get(change="opened")
    assert (kept.state, kept.attempts) == ("given_up", len(schedule.PAUSES) + 1)
    assert kept.answer == "answered 503 ok"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("", 10), ("3", 10), ("90", 90), ("999999999", 4 * 3600), ("tomorrow", 10)],
)
def test_receiver_may_ask_for_a_longer_pause_within_reason(
    asked: str, seconds: int
) -> None:
    now = timezone.now()

    assert schedule.next_attempt(now, 1, asked) == now + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (302, {"Location": "/x"}, "redirects are not followed"),
        (410, {}, "answered 410"),
    ],
)
@pytest.mark.usefixtures("silent", "hook")
def test_answer_that_is_no_success_is_told(
    turn: TakeTurn, receiver: Receiver, status: int, headers: dict[str, str], said: str
) -> None:
    receiver.status, receiver.answer_headers = status, headers

    turn()

    kept = Delivery.objects.get()
    assert said in kept.answer
    assert kept.state == ("given_up" if status == 410 else "due")


@pytest.mark.usefixtures("silent", "hook")
def test_private_address_is_given_up_at_once(
    turn: TakeTurn, receiver: Receiver, settings: Settings
) -> None:
    settings.ALERTS_ALLOW_PRIVATE = []

    turn()

    kept = Delivery.objects.get()
    assert kept.state == "given_up"
    assert kept.answer == "127.0.0.1 is no public address"
    assert not receiver.bodies


@pytest.mark.usefixtures("silent", "hook")
def test_slow_receiver_is_cut_and_holds_up_no_other(
    turn: TakeTurn,
    receiver: Receiver,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SEND_S", 1.5)
    receiver.pause_s = 0.3
    email()
    started = time.perf_counter()

    turn()

    assert time.perf_counter() - started < 8
    assert len(mailbox.mails) == 1
    assert "no answer within" in Delivery.objects.get(state="due").answer


def email() -> Destination:
    """Return a destination for two addresses."""
    return Destination.objects.create(
        name="mail",
        form=Destination.Form.EMAIL,
        mail_to=["ops@example.org", "night@example.org"],
    )


def test_mail_carries_context_and_its_recovery_the_same_thread(
    silent: Channel, turn: TakeTurn, mailbox: Mailbox
) -> None:
    email()
    turn()
    used(silent, timedelta())
    turn()
    turn()

    opened, recovered = mailbox.mails
    assert mailbox.recipients[0] == ["ops@example.org", "night@example.org"]
    assert opened["Subject"].startswith("[critical] WhatsApp main: nothing has")
    assert recovered["Subject"].startswith("[recovered] WhatsApp main: nothing has")
    assert "Channel: WhatsApp main (wa-main)" in opened.get_content()
    assert "http://127.0.0.1:8000/admin/arrivals/" in opened.get_content()
    assert opened["References"] == recovered["References"]


@pytest.mark.usefixtures("silent")
def test_mail_without_a_server_says_which_setting_is_missing(
    turn: TakeTurn, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EMAIL_HOST = ""
    email()

    turn()

    assert Delivery.objects.get().answer == "no mail server is known: set EMAIL_URL"


@pytest.mark.parametrize("form", ["slack", "pagerduty"])
def test_other_forms_carry_what_their_takers_ask_for(
    silent: Channel, hook: Destination, turn: TakeTurn, receiver: Receiver, form: str
) -> None:
    Destination.objects.update(form=form, secrets=Hidden(("routing",)))
    turn()
    used(silent, timedelta())
    turn()
    turn()

    first, last = receiver.told
    if form == "slack":
        assert list(first) == ["text"]
    else:
        assert (first["event_action"], last["event_action"]) == ("trigger", "resolve")
        assert first["dedup_key"] == last["dedup_key"]
        assert first["routing_key"] == "routing"


@pytest.mark.usefixtures("silent")
def test_webhook_without_a_secret_sends_nothing_unsigned(
    hook: Destination, turn: TakeTurn, receiver: Receiver
) -> None:
    Destination.objects.update(secrets=Hidden())

    turn()

    assert not receiver.bodies
    assert "nothing can be signed" in Delivery.objects.get().answer


def test_claimed_delivery_is_not_sent_by_another_until_its_lease_ends(
    hook: Destination, receiver: Receiver
) -> None:
    now = timezone.now()
    test = Delivery.objects.create(
        destination=hook,
        change="test",
        created_at=now,
        next_attempt_at=now,
        lease_until=now + timedelta(seconds=30),
    )
    assert send_due() == 0
    Delivery.objects.update(lease_until=now - timedelta(seconds=1))

    assert send_due() == 1
    assert receiver.headers[0]["webhook-id"] == str(test.pk)


def test_secrets_and_addresses_are_kept_encrypted_and_never_shown(
    hook: Destination, receiver: Receiver
) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM alerts_destination d")
        row = cursor.fetchone()[0]

    assert receiver.url not in row
    assert hook.secrets[0] not in row
    assert hook.secrets[0] not in f"{hook!r} {hook.secrets!r} {hook.url}"


def test_numbers_of_people_leave_masked(hook: Destination) -> None:
    now = timezone.now()
    alert = Alert(
        kind="x",
        summary="for 6281234567890",
        facts={"To": "6281234567890"},
        samples=["message of 6281234567890"],
        first_seen_at=now,
    )
    delivery = Delivery(destination=hook, alert=alert, change="opened", created_at=now)

    assert b"6281234567890" not in bodies.request(delivery, now).body
