"""Alerts by e-mail, through whatever Django is set to send with."""

from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMessage

from receipts.alerts import texts
from receipts.alerts.models import Delivery


def send(delivery: Delivery) -> None:
    """Send ``delivery`` to all addresses of its destination. Raises ``OSError``."""
    EmailMessage(
        subject=texts.title(delivery)[:200],
        body=texts.text(delivery),
        from_email=settings.EMAIL_FROM,
        to=delivery.destination.mail_to,
        headers=_headers(delivery),
    ).send()


def _headers(delivery: Delivery) -> dict[str, str]:
    domain = settings.EMAIL_FROM.rpartition("@")[2].strip("> ") or "localhost"
    headers = {
        "Message-ID": f"<{delivery.pk}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if delivery.alert:
        # The recovery stands below its alert where mails are shown by thread.
        name = sha256(texts.key(delivery.alert).encode()).hexdigest()[:24]
        thread = f"<alert-{name}@{domain}>"
        headers |= {"References": thread, "In-Reply-To": thread}
    return headers
