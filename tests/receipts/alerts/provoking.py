"""What provokes each kind of alert, over the real tables and the real door."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from django.utils import timezone
from msgspec.structs import replace
from pytest_django import Settings

from channels_cfg.models import Channel, ErrorCode, ProviderQueue, QueueAccount
from channels_cfg.secrets import Hidden
from receipts.alerts import certificates, hosts
from receipts.alerts.models import AlertRule, Certificate, HostState
from receipts.intake.tally import tally
from receipts.models import AckHour, Callback, QuarantinedItem, QueueState, ReceiptCount
from receipts.processing.drain import drain
from receipts.processing.ignoring import ignore
from receipts.spool.loading import load
from receipts.spool.store import spool
from tests.receipts.alerts.conftest import used
from tests.receipts.intake.conftest import made
from tests.receipts.intake.test_spool_loading import fill
from tests.smq.tls import tls_server

Push = Callable[..., Callback]
WEEK = timedelta(days=7)


class Place:
    """Where things are provoked: one channel and its door."""

    def __init__(self, channel: Channel, push: Push, settings: Settings) -> None:
        self.channel, self.push, self.settings = channel, push, settings

    def statuses(self, count: int, word: str, **fields: object) -> None:
        """Push that many statuses, each of another message."""
        at = timezone.now().timestamp()
        self.push(
            [
                {
                    "MessageId": f"m{at}{word}{n}",
                    "From": "8613100000000",
                    "To": "6281234567890",
                    "Status": word,
                    **fields,
                }
                for n in range(count)
            ]
        )

    def arrives(self) -> None:
        """Push one status and have the use of its path noted."""
        self.statuses(1, "Sent")
        tally.flush()


Provoked = Iterator[None]


@contextmanager
def silence_of_a_day(place: Place) -> Provoked:
    used(place.channel, timedelta(hours=25))
    yield
    place.arrives()


@contextmanager
def silence_against_its_weeks(place: Place) -> Provoked:
    now = timezone.now()
    for week in (1, 2, 3):
        for hour in range(4):
            at = (now - week * WEEK - timedelta(hours=hour)).replace(
                minute=0, second=0, microsecond=0
            )
            ReceiptCount.objects.create(
                hour=at, channel=place.channel, kind="status", status="sent", n=30
            )
    used(place.channel, timedelta(hours=2))
    yield
    place.arrives()


@contextmanager
def failures_of_a_code(place: Place) -> Provoked:
    place.statuses(80, "Sent")
    place.statuses(25, "Failed", ErrorCode="131026")
    ErrorCode.objects.get_or_create(
        provider="cams", code="131026", defaults={"title": "x"}
    )
    yield


@contextmanager
def failures_of_a_template(place: Place) -> Provoked:
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
    for status, n in (("sent", 400), ("failed", 400)):
        ReceiptCount.objects.create(
            hour=hour, channel=place.channel, kind="status", status=status, n=n
        )
    place.statuses(80, "Sent", TemplateCode="welcome")
    place.statuses(25, "Failed", TemplateCode="parcel")
    yield


@contextmanager
def slow_acks(place: Place) -> Provoked:
    place.statuses(1, "Sent")
    Callback.objects.update(ack_ms=1900)
    yield
    Callback.objects.update(ack_ms=2.5)


@contextmanager
def slow_acks_as_the_door_counts_them(place: Place) -> Provoked:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    late = {"over_50": 6, "over_80": 1, "over_100": 0, "slowest_ms": 2500}
    AckHour.objects.create(hour=hour, channel=place.channel, n=400, **late)
    yield


@contextmanager
def callbacks_that_wait(place: Place) -> Provoked:
    place.push([{"MessageId": "w", "Status": "Sent"}], drained=False)
    Callback.objects.update(received_at=timezone.now() - timedelta(minutes=6))
    yield
    drain()


@contextmanager
def spool_that_is_not_emptied(place: Place) -> Provoked:
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        fill(spool(), replace(made(), channel_id=place.channel.pk))
    hosts.note()
    yield
    load(for_seconds=5)
    drain()
    hosts.note()


@contextmanager
def disk_that_runs_full(place: Place) -> Provoked:
    rule = AlertRule.objects.create(kind="disk", limits={"gib": 10_000_000})
    hosts.note()
    HostState.objects.update(seen_at=timezone.now() + timedelta(minutes=20))
    yield
    rule.delete()


@contextmanager
def host_that_is_silent(place: Place) -> Provoked:
    hosts.note()
    HostState.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    yield
    hosts.note()


@contextmanager
def certificate_that_ends(place: Place) -> Provoked:
    with tls_server() as url:
        place.settings.PUBLIC_BASE_URL = url
        certificates.look()
    yield
    Certificate.objects.update(ends_at=timezone.now() + timedelta(days=80))


@contextmanager
def items_set_aside(place: Place) -> Provoked:
    place.push([{"Status": "Sent", "To": "6281234567890"} for _ in range(6)])
    yield
    ignore(QuarantinedItem.objects.open(), "tried", None)


@contextmanager
def unknown_word(place: Place) -> Provoked:
    place.statuses(1, "Teleported")
    yield
    AlertRule.objects.create(kind="unknown_word", limits={"least": 2})


@contextmanager
def unknown_code(place: Place) -> Provoked:
    place.statuses(1, "Failed", ErrorCode="999901")
    yield
    ErrorCode.objects.create(provider="cams", code="999901", title="Known now")


def _queue(place: Place, **fields: object) -> QueueState:
    account = "https://queue.example"
    QueueAccount.objects.create(
        channel=place.channel,
        token_endpoint=account,
        queue_endpoint=account,
        access_key_id="k",
        access_key_secrets=Hidden(("s",)),
    )
    row = ProviderQueue.objects.create(
        channel=place.channel, receipt_type="mt_status", queue_name="q"
    )
    now = timezone.now()
    return QueueState.objects.create(
        endpoint=account,
        queue_name=row.queue_name,
        **{"last_pulled_at": now, "last_message_at": now, **fields},
    )


def _heal(state: QueueState) -> None:
    QueueState.objects.filter(pk=state.pk).update(
        last_pulled_at=timezone.now() + timedelta(minutes=20),
        is_stopped=False,
        oldest_enqueued_at=None,
        token_expires_at=timezone.now() + timedelta(hours=1),
    )


@contextmanager
def queue_that_is_stopped(place: Place) -> Provoked:
    state = _queue(place, is_stopped=True, last_error="no permission")
    yield
    _heal(state)


@contextmanager
def queue_that_is_behind(place: Place) -> Provoked:
    oldest = timezone.now() - timedelta(hours=3)
    state = _queue(place, oldest_enqueued_at=oldest)
    yield
    _heal(state)


@contextmanager
def queue_whose_key_ran_out(place: Place) -> Provoked:
    state = _queue(place, token_expires_at=timezone.now() - timedelta(minutes=1))
    yield
    _heal(state)


@contextmanager
def queue_that_fails(place: Place) -> Provoked:
    later = timezone.now() + timedelta(seconds=1)
    state = _queue(place, last_error="no answer", last_error_at=later)
    yield
    _heal(state)


# What provokes it, its kind, and how long after its end it may still count.
PROVOKED: Mapping[str, tuple[Callable[[Place], object], str, timedelta]] = {
    each.__name__: (each, kind, timedelta(hours=hours))
    for each, kind, hours in (
        (silence_of_a_day, "silence", 0),
        (silence_against_its_weeks, "silence", 0),
        (failures_of_a_code, "failures", 3),
        (failures_of_a_template, "failures", 3),
        (slow_acks, "ack", 0),
        (slow_acks_as_the_door_counts_them, "ack", 1),
        (callbacks_that_wait, "pending", 0),
        (spool_that_is_not_emptied, "spool", 0),
        (queue_that_is_stopped, "queue", 0),
        (queue_that_is_behind, "queue_age", 0),
        (queue_whose_key_ran_out, "queue_error", 0),
        (queue_that_fails, "queue_error", 0),
        (items_set_aside, "quarantine", 0),
        (unknown_word, "unknown_word", 0),
        (unknown_code, "unknown_code", 0),
        (disk_that_runs_full, "disk", 0),
        (host_that_is_silent, "sweep", 0),
        (certificate_that_ends, "certificate", 0),
    )
}
