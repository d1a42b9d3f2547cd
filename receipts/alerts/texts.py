"""An alert in words: one line, a text for chats and mails, facts for programs."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from django.conf import settings

from receipts.alerts.models import Alert, Delivery
from receipts.alerts.words import ago, since_when
from receipts.masking import mask_text

_MARKS = {
    Delivery.Change.OPENED: "\N{LARGE RED CIRCLE}",
    Delivery.Change.CLOSED: "\N{LARGE GREEN CIRCLE}",
    Delivery.Change.TEST: "\N{LARGE BLUE CIRCLE}",
}


def title(delivery: Delivery) -> str:
    """Return one line: what happened to what."""
    alert = delivery.alert
    if alert is None:
        return "[test] This is how alerts of the receipt portal reach you"
    said = clean(alert.summary)
    if delivery.change == Delivery.Change.CLOSED:
        return f"[recovered] {said}"
    return f"[{alert.level}] {said}"


def text(delivery: Delivery) -> str:
    """Return what a person reads, line by line, without any markup."""
    return "\n".join((title(delivery), *_lines(delivery)))


def chat(delivery: Delivery) -> str:
    """Return ``text`` with a mark in front, its special characters as Slack wants them."""
    mark = _MARKS[Delivery.Change(delivery.change)]
    plain = text(delivery).replace("&", "&amp;").replace("<", "&lt;")
    return f"{mark} {plain.replace('>', '&gt;')}"


def link(delivery: Delivery) -> str:
    """Return where the console shows it."""
    alert = delivery.alert
    # One that was told while the database was away is not written down yet.
    path = f"/admin/alerts/{alert.pk}/" if alert and alert.pk else "/admin/alerts/"
    return f"{settings.PUBLIC_BASE_URL}{path}"


def data(delivery: Delivery) -> dict[str, object]:
    """Return it for programs."""
    alert = delivery.alert
    if alert is None:
        return {"summary": title(delivery), "link": link(delivery)}
    return {
        "key": key(alert),
        "kind": alert.kind,
        "level": alert.level,
        "channel": alert.channel.key if alert.channel else None,
        "summary": clean(alert.summary),
        "facts": facts(alert),
        "samples": [clean(each) for each in alert.samples],
        "opened_at": iso(alert.opened_at),
        "recovered_at": iso(alert.closed_at)
        if delivery.change == Delivery.Change.CLOSED
        else None,
        "link": link(delivery),
        "see": f"{settings.PUBLIC_BASE_URL}{alert.path}" if alert.path else None,
    }


def key(alert: Alert) -> str:
    """Return what is the same for the opening and the recovery of one incident."""
    began = int(alert.first_seen_at.timestamp())
    return f"{alert.kind}/{began}/{alert.subject}"[:255]


def facts(alert: Alert) -> Mapping[str, str]:
    """Return its facts, numbers of people hidden."""
    return {clean(name): clean(value) for name, value in alert.facts.items()}


def clean(said: object) -> str:
    """Return ``said`` in one line, numbers of people hidden."""
    return mask_text(" ".join(str(said).split())) or ""


def iso(at: datetime | None) -> str | None:
    """Return a time as the API writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def _lines(delivery: Delivery) -> Iterator[str]:
    alert = delivery.alert
    if alert is None:
        yield f"Sent by the test button. {link(delivery)}"
        return
    if alert.channel:
        yield f"Channel: {alert.channel.name} ({alert.channel.key})"
    for name, value in facts(alert).items():
        yield f"{name}: {value}"
    if alert.samples:
        yield f"Such as: {'; '.join(clean(each) for each in alert.samples)}"
    if alert.opened_at:
        yield f"Since: {since_when(alert.first_seen_at)}"
        if delivery.change == Delivery.Change.CLOSED and alert.closed_at:
            lasted = ago(alert.first_seen_at, alert.closed_at)
            yield f"Over: {since_when(alert.closed_at)}, after {lasted}"
    yield f"Alert: {link(delivery)}"
    if alert.path:
        yield f"More: {settings.PUBLIC_BASE_URL}{alert.path}"
