"""Addresses of the database and of Redis; one setting each, several spellings."""

from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from portal.runtime import postgres, valkey
from portal.runtime.config import Config
from portal.runtime.layout import Layout


def database_url(layout: Layout) -> str | None:
    """Return the address of the embedded database of ``layout``, None before its start."""
    password = layout.secret("database_password")
    sockets = layout.postgres_sockets
    if password is None or sockets is None:
        return None
    return postgres.url(sockets, password)


def redis_url(layout: Layout) -> str | None:
    """Return the address of the embedded Redis of ``layout``, None before its start."""
    socket = layout.valkey_socket
    return valkey.url(socket) if socket else None


def celery_broker(url: str) -> str:
    """Return ``url`` as kombu spells it: it has a scheme of its own for sockets."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    login = f"{parts.netloc}" if parts.netloc else ""
    path = quote(str(Path(unquote(parts.path))), safe="/")
    return f"redis+socket://{login}{path}?virtual_host={number}"


def public_base_url(asked: str, bind: str, port: int) -> str:
    """Return the address that links begin with, without a slash at its end."""
    if asked:
        return asked.rstrip("/")
    everywhere = bind in {"", "0.0.0.0", "::"}  # noqa: S104  # compared, not bound
    host = "127.0.0.1" if everywhere else f"[{bind}]" if ":" in bind else bind
    return f"http://{host}:{port}"


def health_url(public_base_url: str) -> str:
    """Return where the door tells outsiders that it keeps what is pushed.

    Our own edge is asked on this machine; a proxy of somebody else, where links begin.
    """
    config = Config.read()
    base = config.local_url if config.has_edge else f"{public_base_url}/"
    return f"{base}healthz/ingest"
