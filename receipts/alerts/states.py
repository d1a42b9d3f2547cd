"""How alerts change: seen for long enough they open, not seen for long enough they close."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from receipts.alerts.findings import CLEAR, LASTING, AlertKind, Finding
from receipts.alerts.models import Alert
from receipts.alerts.rules import Rules

# What opened and closed that often within an hour stays open until it was quiet for one.
FLAPS = 3
FLAP_TIME = timedelta(hours=1)


def fold(
    kind: AlertKind, findings: Iterable[Finding], rules: Rules, now: datetime
) -> None:
    """Bring the alerts of ``kind`` to what was found now. Call within the turn's lock."""
    live = {row.subject: row for row in _live(kind)}
    seen = []
    for finding in findings:
        alert = live.pop(finding.subject, None) or Alert(
            kind=kind.slug, subject=finding.subject, first_seen_at=now
        )
        _see(alert, finding, now)
        limits = rules.limits(kind, finding.channel_id)
        lasted = now - alert.first_seen_at
        if alert.opened_at is None and lasted >= _minutes(limits[LASTING]):
            alert.state, alert.opened_at = Alert.State.OPEN, now
            alert.samples = finding.samples()
        seen.append(alert)
    _store(seen)
    for alert in live.values():
        limits = rules.limits(kind, alert.channel_id)
        _miss(alert, _minutes(limits[CLEAR]), now)


def _live(kind: AlertKind) -> Iterable[Alert]:
    return Alert.objects.filter(kind=kind.slug).exclude(state=Alert.State.CLOSED)


def _store(seen: Sequence[Alert]) -> None:
    """Store what was seen, with two statements however much it is."""
    known = [row for row in seen if not row._state.adding]
    Alert.objects.bulk_create([row for row in seen if row._state.adding])
    fields = [field.name for field in Alert._meta.fields if not field.primary_key]
    Alert.objects.bulk_update(known, fields)


def _see(alert: Alert, finding: Finding, now: datetime) -> None:
    alert.seen_at, alert.clear_since = now, None
    alert.channel_id = finding.channel_id
    alert.summary = finding.summary[:500].replace("\0", "")
    alert.facts, alert.path = dict(finding.facts), finding.path[:500]
    alert.level = finding.level


def _miss(alert: Alert, clear: timedelta, now: datetime) -> None:
    if alert.state == Alert.State.PENDING:
        alert.delete()  # nobody was told
        return
    alert.clear_since = alert.clear_since or now
    if now - alert.clear_since >= max(clear, _held(alert, now)):
        alert.state, alert.closed_at = Alert.State.CLOSED, now
    alert.save(update_fields=["clear_since", "state", "closed_at"])


def _held(alert: Alert, now: datetime) -> timedelta:
    same = Alert.objects.filter(
        kind=alert.kind,
        subject=alert.subject,
        state=Alert.State.CLOSED,
        closed_at__gt=now - FLAP_TIME,
    )
    return FLAP_TIME if same.count() >= FLAPS - 1 else timedelta()


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
