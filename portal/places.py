"""Addresses of the database, of Redis, and of the portal itself."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from portal.runtime import postgres, valkey
from portal.runtime.config import Config
from portal.runtime.layout import Layout, write_private


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a portal is reached."""

    public: str  # links begin with it; no slash at its end
    intake: str  # where the door tells outsiders that it keeps what is pushed

    @classmethod
    def of(cls, config: Config) -> Self:
        """Return those of a portal that is started with ``config``.

        Our own edge is asked on this machine; a proxy of somebody else, where links
        begin.
        """
        public = public_base_url(config.public_base_url, config.bind, config.port)
        base = config.local_url if config.has_edge else f"{public}/"
        return cls(public=public, intake=f"{base}healthz/ingest")

    @classmethod
    def noted(cls, layout: Layout) -> Self | None:
        """Return those of the last start on ``layout``, None before the first."""
        # Whatever is wrong with a note, the environment's defaults do.
        with suppress(OSError, ValueError, TypeError):
            return cls(**json.loads(_note(layout).read_text()))
        return None

    def note(self, layout: Layout) -> None:
        """Keep them for ``manage.py``, which is told nothing but ``DATA_DIR``."""
        write_private(_note(layout), json.dumps(asdict(self)))


def addresses(layout: Layout, *, is_told: bool) -> Addresses:
    """Return where the portal of ``layout`` is reached.

    ``is_told``: the environment says so. Else the portal has noted it at its start.
    """
    noted = None if is_told else Addresses.noted(layout)
    return noted or Addresses.of(Config.read())


def _note(layout: Layout) -> Path:
    return layout.root / "addresses"
