"""The address of a mail server as one URL."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in; without a host none is sent."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    is_tls: bool = False
    is_starttls: bool = False


def read(url: str | None) -> MailServer:
    """Read ``url``. Raises ``ImproperlyConfigured``, without the password in it."""
    if not url:
        return MailServer()
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://user:password@host:port or smtps://…"
        ) from None
    asked = parse_qs(parts.query).get("tls", ["port" if port == 587 else "false"])[0]
    return MailServer(
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
        is_starttls=parts.scheme == "smtp" and asked in ("true", "on", "1", "port"),
    )
