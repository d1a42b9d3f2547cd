"""What a backup says of itself: when, of what, how many rows, under which keys."""

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portal.backup.problems import NotPossible

FORMAT = 1
NAME = "manifest.json"
SUMS = "SHA256SUMS"
DUMP = "database.dump"
SPOOL = "spool"
COUNTED = (
    "receipts_callback",
    "receipts_receipt",
    "receipts_sighting",
    "receipts_receiptkey",
    "receipts_message",
    "receipts_conversation",
    "receipts_quarantineditem",
    "channels_cfg_channel",
)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The content of ``manifest.json``; ``rows`` are those of the dump, exactly."""

    format: int
    began_at: datetime  # what was acknowledged before is in it
    server: int  # major version
    migrations: dict[str, str]  # the last of each app
    rows: dict[str, int]
    spool_files: int
    keys: dict[str, list[str]]  # fingerprints, never the keys


def fingerprints() -> dict[str, list[str]]:
    """Return what tells whether keys are the same, and nothing of them."""
    return {
        "SECRET_KEY": [_fingerprint(settings.SECRET_KEY)],
        "FIELD_KEYS": [_fingerprint(key) for key in settings.FIELD_KEYS],
    }


def _fingerprint(key: str) -> str:
    # Slow on purpose: a weak key must not be found by trying.
    digest = hashlib.pbkdf2_hmac("sha256", key.encode(), b"receipt portal", 200_000)
    return digest[:8].hex()


def last_migrations() -> dict[str, str]:
    """Return the last applied migration of each app."""
    applied = MigrationRecorder(connection).applied_migrations()
    last: dict[str, str] = {}
    for app, name in sorted(applied):
        last[app] = max(last.get(app, ""), name)
    return last


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, and a checksum of every file."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / NAME).write_bytes(text + b"\n")
    lines = [
        f"{checksum(path)}  {path.relative_to(folder)}\n" for path in _files(folder)
    ]
    (folder / SUMS).write_text("".join(lines))


def read(folder: Path) -> Manifest:
    """Return the manifest of a whole backup. Raises ``NotPossible``."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise NotPossible(f"{folder} is no backup: it has no {NAME}") from None
    except msgspec.MsgspecError as exc:
        raise NotPossible(f"{folder / NAME} cannot be read: {exc}") from None
    if manifest.format != FORMAT:
        raise NotPossible(f"a backup of format {manifest.format}; this reads {FORMAT}")
    return manifest


def verify(folder: Path) -> None:
    """Compare every file with its checksum. Raises ``NotPossible``."""
    try:
        lines = (folder / SUMS).read_text().splitlines()
    except FileNotFoundError:
        raise NotPossible(f"{folder} is no whole backup: it has no {SUMS}") from None
    told = {
        name: digest for digest, _, name in (line.partition("  ") for line in lines)
    }
    found = {str(path.relative_to(folder)) for path in _files(folder)}
    if missing := sorted(told.keys() - found):
        raise NotPossible(f"missing in the backup: {', '.join(missing)}")
    for name, digest in told.items():
        if checksum(folder / name) != digest:
            raise NotPossible(f"{name} is not what was written: its checksum differs")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.name != SUMS)
