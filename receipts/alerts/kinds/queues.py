"""Queues that are not pulled, fall behind, or fail."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from channels_cfg.models import Channel
from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.alerts.words import ago, since_when
from receipts.queues.health import SILENT_AFTER, Alarm, Health

RETENTION = timedelta(days=4)  # then the provider drops a message


def judge_pull(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find queues that are stopped, or that nobody pulls."""
    for queue, channel in _of_active(look, rules, PULL):
        if queue.alarm is Alarm.STOPPED:
            said = f"is stopped: {queue.last_error}"
        elif queue.alarm is Alarm.SILENT:
            minutes = SILENT_AFTER.total_seconds() / 60
            why = f": {queue.present_error}" if queue.present_error else ""
            said = f"has not been pulled for {minutes:.0f} minutes{why}"
        else:
            continue
        yield _told(queue, channel, said, Level.CRITICAL)


def judge_age(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find queues whose oldest message waited for too long when they were pulled."""
    for queue, channel in _of_active(look, rules, AGE):
        limit = timedelta(hours=rules.limits(AGE, channel.pk)["hours"])
        oldest = queue.oldest_enqueued_at
        if oldest is None or look.now - oldest <= limit:
            continue
        gone = since_when(oldest + RETENTION)
        is_soon = look.now - oldest > RETENTION / 2
        said = (
            f"is {ago(oldest, look.now)} behind; its oldest message is lost at {gone}"
        )
        level = Level.CRITICAL if is_soon else Level.WARNING
        yield _told(queue, channel, said, level)


def judge_errors(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find queues whose last pull failed, or whose temporary key has run out."""
    for queue, channel in _of_active(look, rules, ERRORS):
        expires_at = queue.token_expires_at
        if queue.alarm in (Alarm.STOPPED, Alarm.SILENT):
            continue  # told by the other kind
        if queue.present_error:
            yield _told(queue, channel, f"fails: {queue.present_error}", Level.CRITICAL)
        elif expires_at is not None and expires_at < look.now:
            said = f"has had no valid temporary key since {since_when(expires_at)}"
            yield _told(queue, channel, said, Level.CRITICAL)


def _of_active(
    look: Look, rules: Rules, kind: AlertKind
) -> Iterable[tuple[Health, Channel]]:
    """Return each queue once, with the first channel that names it and wants the rule."""
    for queue in look.queues:
        owners = (look.named(row.channel_id) for row in queue.rows)
        wanting = [row for row in owners if row and rules.is_on(kind.slug, row.pk)]
        if wanting:
            yield queue, wanting[0]


def _told(queue: Health, channel: Channel, said: str, level: Level) -> Finding:
    pulled, token = queue.last_pulled_at, queue.token_expires_at
    return Finding(
        subject=str(queue.name)[:300],
        channel_id=channel.pk,
        level=level,
        summary=f"Queue {queue.name.name} {said}"[:500],
        facts={
            "Queue": queue.name.name,
            "Endpoint": queue.name.endpoint,
            "Last pull": since_when(pulled) if pulled else "never",
            "Temporary key until": since_when(token) if token else "none yet",
        },
        path=f"/admin/receipts/queuestate/{queue.rows[0].pk}/",
    )


PULL = AlertKind(
    slug="queue",
    label="Queue not pulled",
    tells="A queue is stopped until somebody acts, or no consumer pulls it.",
    judge=judge_pull,
    clear=1,
)
AGE = AlertKind(
    slug="queue_age",
    label="Queue behind",
    tells="The oldest message seen in a queue is too old; after four days the provider "
    "drops it.",
    judge=judge_age,
    limits=(Limit(name="hours", label="Oldest message", default=1, unit="h", most=96),),
)
ERRORS = AlertKind(
    slug="queue_error",
    label="Queue or its key fails",
    tells="Pulling a queue, or getting the temporary key for it, fails for some time.",
    judge=judge_errors,
    lasting=3,
    clear=2,
)
