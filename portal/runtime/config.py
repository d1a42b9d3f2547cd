"""What the environment says about a start; CONTRACT: these names are public."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from portal.runtime.problems import Impossible

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_OFF = {"off", "false", "no", "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How this portal is to be started."""

    bind: str
    port: int
    data_dir: Path
    has_own_database: bool
    has_own_redis: bool
    has_edge: bool
    public_base_url: str
    callback_max_bytes: int
    trusted_proxies: tuple[str, ...]

    @classmethod
    def read(cls) -> Self:
        """Read the environment; raises ``Impossible`` for what cannot be meant."""
        env = os.environ
        return cls(
            bind=env.get("BIND") or "127.0.0.1",
            port=_port(env.get("PORT") or "8000"),
            data_dir=Path(env.get("DATA_DIR") or CHECKOUT / ".data").resolve(),
            has_own_database=not _is_set("DATABASE_URL"),
            has_own_redis=not _is_set("REDIS_URL"),
            has_edge=env.get("EDGE", "on").lower() not in _OFF,
            public_base_url=env.get("PUBLIC_BASE_URL", "").rstrip("/"),
            callback_max_bytes=int(env.get("CALLBACK_MAX_BYTES") or 10 * 1024 * 1024),
            trusted_proxies=tuple(
                env.get("TRUSTED_PROXIES", "").replace(",", " ").split()
            ),
        )

    @property
    def has_own_tls(self) -> bool:
        """Say whether our edge gets a certificate and listens on 80 and 443."""
        is_public = self.bind not in {"localhost", "::1"} and not self.bind.startswith(
            "127."
        )
        is_https = self.public_base_url.startswith("https://")
        return self.has_edge and is_public and is_https

    @property
    def ports(self) -> tuple[int, ...]:
        """Return the TCP ports that this portal listens on."""
        return (80, 443) if self.has_own_tls else (self.port,)

    @property
    def local_url(self) -> str:
        """Return where this machine reaches the portal, with a slash at its end."""
        host = "127.0.0.1" if self.bind in {"0.0.0.0", "::"} else self.bind  # noqa: S104
        port = self.ports[0]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    @property
    def public_host(self) -> str:
        """Return the host of ``PUBLIC_BASE_URL``, with a port if it names one."""
        return urlsplit(self.public_base_url).netloc


def _is_set(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise Impossible(f"PORT is {text!r}: set it to a number from 1 to 65535.")
