"""Looking at the certificate that our public address shows to providers."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.utils import timezone

from receipts.alerts.models import Certificate

LOOK_EVERY = timedelta(hours=1)
_PATIENCE_S = 5.0


def address() -> str:
    """Return host and port of ``PUBLIC_BASE_URL``; empty where it is not https."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    return f"{parts.hostname}:{parts.port or 443}" if parts.scheme == "https" else ""


def look() -> None:
    """Note when the certificate ends, at most once an hour, whoever asks."""
    where = address()
    now = timezone.now()
    if not where or not _is_ours(where, now):
        return
    host, _, port = where.rpartition(":")
    try:
        found: dict[str, object] = {"ends_at": _ends_at(host, int(port)), "trouble": ""}
    except (OSError, ValueError) as exc:
        found = {"trouble": str(exc)[:500] or type(exc).__name__}
    Certificate.objects.filter(pk=where).update(**found)


def _is_ours(where: str, now: datetime) -> bool:
    """Take this hour's look; of several that try, one may."""
    _, is_new = Certificate.objects.get_or_create(
        address=where, defaults={"looked_at": now}
    )
    due = Certificate.objects.filter(pk=where, looked_at__lte=now - LOOK_EVERY)
    return is_new or bool(due.update(looked_at=now))


def _ends_at(host: str, port: int) -> datetime:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # It is read, not trusted: one that is over must be seen, too.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, port), timeout=_PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True) or b""
    return x509.load_der_x509_certificate(shown).not_valid_after_utc.astimezone(UTC)
