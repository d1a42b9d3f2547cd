"""Deliveries that are due, sent: claimed under a lease, tried again with pauses."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import SMTPException
from time import monotonic
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from receipts.alerts import bodies, mails, outgoing
from receipts.alerts.models import Delivery, Destination
from receipts.alerts.outgoing import Answer, Failed, Manner, Refused
from receipts.alerts.schedule import next_attempt
from receipts.database import within

log = structlog.get_logger(__name__)

SEND_S = 8.0  # one delivery, everything together
_SLICE_S = 12.0  # the deliveries of one destination begin within it
_PATIENCE_S = 10.0  # with the database, before and after
_LEASE = timedelta(seconds=60)
_BATCH = 50
_AT_ONCE = 8
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_GONE = 410  # the receiver wants no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended; ``is_final`` failures are not tried again."""

    delivery: Delivery
    is_sent: bool
    said: str
    took_ms: float = 0
    is_final: bool = False
    retry_after: str = ""


def send_due() -> int:
    """Try what is due now; return how many deliveries got through.

    A receiver that hangs delays its own deliveries alone.
    """
    with within(_PATIENCE_S):
        claimed = sorted(_claim(timezone.now()), key=_order)
    groups = [list(each) for _, each in groupby(claimed, lambda d: d.destination_id)]
    if not groups:
        return 0
    outcomes: list[Outcome] = []
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="alerts")
    futures = [pool.submit(_send_group, group, outcomes) for group in groups]
    wait_for(futures, timeout=_SLICE_S + SEND_S + 2)
    pool.shutdown(wait=False, cancel_futures=True)
    done = list(outcomes)
    with within(_PATIENCE_S):
        for outcome in done:
            finish(outcome)
        _release({each.pk for each in claimed} - {each.delivery.pk for each in done})
    return sum(outcome.is_sent for outcome in done)


def send(delivery: Delivery) -> Outcome:
    """Try one delivery; no database is touched."""
    started = monotonic()
    try:
        said = _post(delivery) if delivery.destination.url else _mail(delivery)
    except Refused as exc:
        return Outcome(delivery=delivery, is_sent=False, said=str(exc), is_final=True)
    except _Unwelcome as exc:
        return Outcome(
            delivery=delivery,
            is_sent=False,
            said=str(exc),
            is_final=exc.answer.status == _GONE,
            retry_after=exc.answer.retry_after,
        )
    except (Failed, OSError, SMTPException, ValueError) as exc:
        said = str(exc) or type(exc).__name__
        return Outcome(delivery=delivery, is_sent=False, said=said)
    took_ms = (monotonic() - started) * 1000
    return Outcome(delivery=delivery, is_sent=True, said=said, took_ms=took_ms)


def finish(outcome: Outcome) -> None:
    """Write down how an attempt ended."""
    delivery, now = outcome.delivery, timezone.now()
    again = None
    if not (outcome.is_sent or outcome.is_final):
        again = next_attempt(now, delivery.attempts, outcome.retry_after)
    state = Delivery.State.SENT if outcome.is_sent else Delivery.State.GIVEN_UP
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.DUE if again else state,
        next_attempt_at=again or now,
        finished_at=None if again else now,
        lease_until=None,
        took_ms=outcome.took_ms or None,
        answer=outcome.said.replace("\0", "")[:500],
    )
    if not outcome.is_sent:
        log.warning(
            "alert_not_delivered",
            destination=delivery.destination.name,
            attempts=delivery.attempts,
            is_given_up=again is None,
            reason=outcome.said[:200],
        )
    if not outcome.is_sent and again is None:
        # Who never heard of the beginning need not hear of the end.
        later = Delivery.objects.filter(
            alert=delivery.alert, destination=delivery.destination
        )
        later.filter(state=Delivery.State.DUE, alert__isnull=False).update(
            state=Delivery.State.GIVEN_UP,
            finished_at=now,
            answer="its beginning was not told",
        )


class _Unwelcome(Exception):
    """The receiver answered, but not with success."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(_words(answer))
        self.answer = answer


def _words(answer: Answer) -> str:
    if 300 <= answer.status < 400:
        return f"answered {answer.status}: redirects are not followed"
    begun = " ".join(answer.body[:200].decode("utf-8", "replace").split())
    return f"answered {answer.status} {begun}".strip()


def _post(delivery: Delivery) -> str:
    if delivery.destination.is_unsigned:
        raise Refused("it has no secret that can be read, so nothing can be signed")
    request = bodies.request(delivery, timezone.now())
    url = delivery.destination.url[0]
    manner = Manner(seconds=SEND_S, allowed=outgoing.allowed())
    answer = outgoing.post(url, request.body, request.headers, manner)
    if not 200 <= answer.status < 300:
        raise _Unwelcome(answer)
    return f"answered {answer.status}"


def _mail(delivery: Delivery) -> str:
    if not delivery.destination.mail_to:
        raise Refused("its address cannot be read: see FIELD_KEYS")
    if settings.EMAIL_BACKEND == _SMTP and not settings.EMAIL_HOST:
        raise Failed("no mail server is known: set EMAIL_URL")
    outgoing.in_time(lambda: mails.send(delivery), SEND_S)
    return "the mail server took it"


def _claim(now: datetime) -> Sequence[Delivery]:
    """Lease what is due; a recovery waits until its beginning was told or given up."""
    beginning = Delivery.objects.filter(
        alert=OuterRef("alert"),
        destination=OuterRef("destination"),
        change=Delivery.Change.OPENED,
        state=Delivery.State.DUE,
    )
    due = (
        Delivery.objects.filter(state=Delivery.State.DUE, next_attempt_at__lte=now)
        .exclude(lease_until__gt=now)
        .exclude(Exists(beginning), change=Delivery.Change.CLOSED)
        .order_by("next_attempt_at", "created_at")
    )
    with transaction.atomic():
        ids = list(
            due.select_for_update(skip_locked=True).values_list("pk", flat=True)[
                :_BATCH
            ]
        )
        rows = Delivery.objects.filter(pk__in=ids)
        related = rows.select_related("destination", "alert__channel")
        claimed = list(related)
        for row in claimed:
            row.attempts += 1
            row.lease_until = now + _LEASE
        Delivery.objects.bulk_update(claimed, ["attempts", "lease_until"])
    return claimed


def _release(left: set[UUID]) -> None:
    """Give back what was claimed and not tried."""
    if left:
        rows = Delivery.objects.filter(pk__in=left, state=Delivery.State.DUE)
        rows.update(attempts=F("attempts") - 1, lease_until=None)


def _send_group(group: Sequence[Delivery], outcomes: list[Outcome]) -> None:
    started = monotonic()
    for delivery in group:
        if monotonic() - started > _SLICE_S:
            return
        outcome = send(delivery)
        outcomes.append(outcome)
        if not outcome.is_sent and not outcome.is_final:
            return  # the rest would wait for the same


def _order(delivery: Delivery) -> tuple[int, datetime]:
    return delivery.destination_id, delivery.created_at


def try_out(destination: Destination) -> Outcome:
    """Send a test now, once, and note how it went."""
    now = timezone.now()
    delivery = Delivery.objects.create(
        destination=destination,
        change=Delivery.Change.TEST,
        attempts=1,
        created_at=now,
        next_attempt_at=now,
        lease_until=now + _LEASE,
    )
    outcome = replace(send(delivery), is_final=True)
    finish(outcome)
    return outcome
