"""What a webhook carries, in each form, and how it is signed (Standard Webhooks)."""

import base64
import secrets as random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from standardwebhooks import Webhook

from receipts.alerts import texts
from receipts.alerts.models import Delivery, Destination

PREFIX = "whsec_"
_PAGERDUTY_LEVELS = {"critical": "critical", "warning": "warning"}


class Request(NamedTuple):
    """Body and headers of one POST."""

    body: bytes
    headers: Mapping[str, str]


def new_secret() -> str:
    """Return a signing secret: 256 random bits."""
    return PREFIX + base64.b64encode(random.token_bytes(32)).decode()


def is_a_secret(written: str) -> bool:
    """Say whether ``written`` can sign."""
    try:
        key = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except ValueError:
        return False
    return len(key) >= 24


def request(delivery: Delivery, now: datetime) -> Request:
    """Return what to POST for ``delivery``."""
    destination = delivery.destination
    body = msgspec.json.encode(_FORMS[destination.form](delivery))
    headers = {"Content-Type": "application/json", "User-Agent": "receipt-portal"}
    if destination.form == Destination.Form.WEBHOOK:
        headers |= _signed(str(delivery.pk), body, destination.secrets, now)
    return Request(body, headers)


def _signed(
    name: str, body: bytes, keys: Sequence[str], now: datetime
) -> Mapping[str, str]:
    at = now.astimezone(UTC)
    # While a secret is replaced both sign, and either is enough.
    made = [Webhook(key).sign(name, at, body.decode()) for key in keys]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(made),
    }


def _standard(delivery: Delivery) -> dict[str, object]:
    return {
        "type": f"alert.{delivery.change}",
        "timestamp": texts.iso(delivery.created_at),
        "text": texts.chat(delivery),
        "data": texts.data(delivery),
    }


def _slack(delivery: Delivery) -> dict[str, object]:
    return {"text": texts.chat(delivery)}


def _pagerduty(delivery: Delivery) -> dict[str, object]:
    alert, is_over = delivery.alert, delivery.change == Delivery.Change.CLOSED
    return {
        "routing_key": next(iter(delivery.destination.secrets), ""),
        "event_action": "resolve" if is_over else "trigger",
        "dedup_key": texts.key(alert) if alert else str(delivery.pk),
        "payload": {
            "summary": texts.title(delivery)[:1024],
            "source": "receipt-portal",
            "severity": _PAGERDUTY_LEVELS[alert.level] if alert else "info",
            "custom_details": texts.data(delivery),
        },
        "links": [{"href": texts.link(delivery), "text": "Receipt portal"}],
    }


_FORMS = {
    Destination.Form.WEBHOOK.value: _standard,
    Destination.Form.SLACK.value: _slack,
    Destination.Form.PAGERDUTY.value: _pagerduty,
}
