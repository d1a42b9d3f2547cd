"""Where everything lies below ``DATA_DIR``, and the secrets that are made there once.

Read by the supervisor and by the settings, so that ``manage.py`` finds a running
portal by its ``DATA_DIR`` alone.
"""

import base64
import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.runtime.problems import Impossible

_LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes (103 on macOS)
_NO_LOOKALIKES = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one portal; ``root`` is absolute."""

    root: Path

    @property
    def cluster_note(self) -> Path:
        """Names the cluster's folder where it cannot lie below ``root``."""
        return self.root / "cluster"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def beat_schedule(self) -> Path:
        return self.root / "beat" / "schedule"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def edge(self) -> Path:
        return self.root / "edge"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def sockets(self) -> Path | None:
        """Return the folder of the sockets, as noted by the last start."""
        return _noted(self.root / "sockets")

    @property
    def postgres_sockets(self) -> Path | None:
        return self.sockets / "pg" if self.sockets else None

    @property
    def valkey_socket(self) -> Path | None:
        return self.sockets / "valkey.sock" if self.sockets else None

    def secret(self, name: str) -> str | None:
        """Return the secret ``name``, None if it was never made."""
        try:
            return self._secret_file(name).read_text().strip()
        except FileNotFoundError:
            return None

    def make_secret(self, name: str, value: str) -> str:
        """Keep ``value`` as the secret ``name`` unless there is one; return the kept one."""
        if (kept := self.secret(name)) is not None:
            return kept
        # Without ``make run`` nobody has made the folder yet.
        self._secret_file(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._secret_file(name), value)
        return value

    def _secret_file(self, name: str) -> Path:
        return self.root / "secrets" / name


def prepare(root: Path) -> Layout:
    """Create the folders and the sockets' folder of ``root``; raises ``Impossible``."""
    layout = Layout(root)
    try:
        _create_root(root)
        for folder in (layout.valkey, layout.beat_schedule.parent, layout.edge):
            folder.mkdir(mode=0o700, exist_ok=True)
        (root / "secrets").mkdir(mode=0o700, exist_ok=True)
        write_private(root / "sockets", str(socket_folder(root)))
    except OSError as error:
        raise Impossible(
            f"The data directory {root} cannot be written ({error.strerror}): set "
            "DATA_DIR to a folder you own."
        ) from None
    return layout


def socket_folder(root: Path) -> Path:
    """Create and return a short private folder for sockets, named by ``root``.

    Raises ``Impossible`` if somebody else made it first.
    """
    name = f"receipt-portal-{hashlib.sha256(os.fsencode(root)).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder)) + len("/pg/.s.PGSQL.5432.lock") > _LONGEST_SOCKET_PATH:
        folder = Path("/tmp") / name  # noqa: S108
    # Root's PostgreSQL runs as another account, which must pass through.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Impossible(f"{folder} is not ours: remove it or set TMPDIR.")
    folder.chmod(mode)
    (folder / "pg").mkdir(mode=0o700, exist_ok=True)
    return folder


def make_secrets(layout: Layout) -> None:
    """Make every secret that is not there yet, each mode 0600."""
    layout.make_secret("secret_key", secrets.token_urlsafe(50))
    layout.make_secret("database_password", secrets.token_urlsafe(24))
    layout.make_secret(
        "field_key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    )


def new_password() -> str:
    """Return a password that is easy to copy by eye: about 79 bits."""
    parts = ("".join(secrets.choice(_NO_LOOKALIKES) for _ in range(4)) for _ in "1234")
    return "-".join(parts)


def write_private(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, mode 0600, whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _noted(note: Path) -> Path | None:
    try:
        return Path(note.read_text().strip())
    except FileNotFoundError:
        return None


def _create_root(root: Path) -> None:
    if root.is_dir():
        if not os.access(root, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")
        return
    root.mkdir(parents=True)
    # Root's PostgreSQL must pass through to its cluster, but may list nothing.
    root.chmod(0o711 if os.geteuid() == 0 else 0o700)
