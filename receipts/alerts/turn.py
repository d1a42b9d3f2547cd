"""One turn: judge everything, note what changed, say who must hear of it, send.

Two processes take turns, whichever comes first: beat's task, and the sweep of each
host, which needs no Redis and no worker. Who finds that another has just judged, or
is about to, does nothing.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from receipts.alerts import sending, states, telling
from receipts.alerts.judging import judge
from receipts.alerts.kinds import KINDS
from receipts.alerts.looking import Look
from receipts.alerts.models import Alert, Snooze, Turn
from receipts.alerts.rules import Rules
from receipts.database import within

log = structlog.get_logger(__name__)

EVERY_S = 30
_SOONEST = timedelta(seconds=20)  # after another's turn
_LOCK = 7_260_002  # any fixed number: one evaluator at a time, whoever it is
# An evaluator that is frozen must not keep the lock: the server ends its session.
_GUARD = (
    "SELECT set_config('idle_in_transaction_session_timeout', '15s', true), "
    "pg_try_advisory_xact_lock(%s)"
)
_PATIENCE_S = 20.0  # with a database that is frozen
_KEPT_SNOOZES = timedelta(days=30)


def take_turn() -> bool:
    """Judge unless somebody just did, then send what is due; say whether we judged."""
    with within(_PATIENCE_S), transaction.atomic():
        is_ours = _is_ours()
        if is_ours:
            _evaluate()
    sending.send_due()
    return is_ours


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_GUARD, [_LOCK])
        row = cursor.fetchone()
    if not row or not row[1]:
        return False
    last = Turn.objects.filter(pk=1).values_list("judged_at", flat=True).first()
    # A clock that was set back must not silence us.
    age = timezone.now() - last if last else _SOONEST
    return age >= _SOONEST or age < timedelta()


def _evaluate() -> None:
    now = timezone.now()
    rules = Rules()
    judged = judge(KINDS.values(), Look(now), rules)
    for slug, found in judged.found.items():
        try:
            with transaction.atomic():
                states.fold(KINDS[slug], found, rules, now)
        except DatabaseError:
            log.exception("alert_kind_not_noted", kind=slug)
            judged.failed.append(slug)
    told = telling.plan(now)
    Turn.objects.update_or_create(
        pk=1,
        defaults={
            "judged_at": now,
            "judged_by": settings.PROCESS[:64],
            "not_judged": judged.failed,
        },
    )
    _forget()
    if told:
        log.info("alerts_to_tell", deliveries=told)


def _forget() -> None:
    """Drop what is over for as long as receipts are kept, and kinds that went away."""
    now = timezone.now()
    oldest = now - timedelta(days=settings.RETENTION_RECEIPTS_DAYS)
    Alert.objects.filter(state=Alert.State.CLOSED, closed_at__lt=oldest).delete()
    Alert.objects.exclude(state=Alert.State.CLOSED).exclude(kind__in=KINDS).delete()
    Snooze.objects.filter(until__lt=now - _KEPT_SNOOZES).delete()
