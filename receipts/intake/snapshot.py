"""The callback paths as they were last known, for a start while the database is away.

Encrypted as a whole, which also proves that nobody else wrote it. Its age counts from
the last time that the database confirmed it.
"""

import ipaddress
import os
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import structlog
from cryptography.fernet import InvalidToken
from django.conf import settings

from channels_cfg.secrets import cipher
from channels_cfg.services.routes import Route
from channels_cfg.wire import ReceiptType, Secrets

log = structlog.get_logger(__name__)


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A route in types that have a form on disk."""

    path: str
    path_id: int
    channel_id: int
    channel_key: str
    provider: str
    receipt_type: ReceiptType
    channel_type: str
    header_name: str
    header_digests: tuple[bytes, ...]
    basic_digests: tuple[bytes, ...]
    networks: tuple[str, ...]
    secrets: Secrets
    is_locked: bool


class Snapshot(msgspec.Struct, frozen=True):
    """Routes by path, and for how many seconds nobody has confirmed them."""

    routes: Mapping[str, Route]
    age_s: float


_FIELDS = [name for name in _Kept.__struct_fields__ if name != "networks"]
_decode = msgspec.msgpack.Decoder(list[_Kept]).decode


def save(routes: Mapping[str, Route]) -> None:
    """Replace the snapshot, whole or not at all. Raises ``OSError``."""
    plain = msgspec.msgpack.encode([_kept(route) for route in routes.values()])
    path = _file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(cipher().encrypt(plain))
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def confirm() -> None:
    """Note that the snapshot is what the database says now. Raises ``OSError``."""
    os.utime(_file())


def read() -> Snapshot | None:
    """Return the last known routes; None if there are none that can be read."""
    try:
        age_s = time.time() - _file().stat().st_mtime
        kept = _decode(cipher().decrypt(_file().read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, InvalidToken, msgspec.DecodeError) as exc:
        log.error("routes_snapshot_unreadable", reason=repr(exc))  # noqa: TRY400
        return None
    return Snapshot({one.path: _route(one) for one in kept}, age_s)


def _file() -> Path:
    return Path(settings.SPOOL_DIR) / "routes"


def _kept(route: Route) -> _Kept:
    same = {name: getattr(route, name) for name in _FIELDS}
    return _Kept(**same, networks=tuple(map(str, route.networks)))


def _route(kept: _Kept) -> Route:
    same = {name: getattr(kept, name) for name in _FIELDS}
    return Route(**same, networks=tuple(map(ipaddress.ip_network, kept.networks)))
