"""The embedded PostgreSQL and Valkey as services."""

import signal
import tempfile
from pathlib import Path
from uuid import uuid4

from portal.runtime import binaries, leftovers, postgres, valkey
from portal.runtime.account import Account, can_read, server_account
from portal.runtime.layout import Layout, write_private
from portal.runtime.problems import Impossible
from portal.runtime.processes import STORES
from portal.runtime.service import Service

# Where root's cluster lies when its account cannot reach the data directory.
_SYSTEM_STATE = Path("/var/lib/receipt-portal")
_SLOW_RECOVERY_S = 600


def database(layout: Layout, *, is_restore: bool = False) -> Service:
    """Return PostgreSQL as a service; creates the cluster the first time.

    A cluster of another major version is refused, but not by a restore: that makes a
    new one beside it.
    """
    cluster = _cluster(layout, is_restore=is_restore)
    postgres.give(cluster.sockets, cluster.account)
    postgres.create(cluster)
    return Service(
        name="postgres",
        command=cluster.command(),
        tier=STORES,
        account=cluster.account,
        before_start=lambda: leftovers.clear(cluster.data, cluster.sockets),
        is_ready=lambda: postgres.is_ready(cluster),
        ready_within_s=_SLOW_RECOVERY_S,
        stop_signal=signal.SIGINT,  # fast: sessions are cut, everything is written
        stop_within_s=60,
        kill_signal=signal.SIGQUIT,
        death_signal=signal.SIGINT,
        slowest_restart_s=5,
    )


def redis(layout: Layout, socket: Path) -> Service:
    """Return Valkey as a service."""
    return Service(
        name="valkey",
        command=valkey.command(data=layout.valkey, socket_path=socket),
        tier=STORES,
        before_start=lambda: socket.unlink(missing_ok=True),
        is_ready=lambda: valkey.is_ready(socket),
        death_signal=signal.SIGTERM,
        # Meant for machines whose Redis holds more than wake-ups.
        hushed=(b"Memory overcommit must be enabled",),
        slowest_restart_s=5,
    )


def cluster_data(layout: Layout) -> Path:
    """Return where the cluster of this PostgreSQL is, or would be."""
    return _cluster(layout, is_restore=True).data


def _cluster(layout: Layout, *, is_restore: bool) -> postgres.Cluster:
    account = server_account()
    programs = binaries.reachable_postgres_bin(account, _SYSTEM_STATE)
    version = binaries.postgres_version(programs)
    folder = _folder(layout, account)
    data = folder / f"pg{version.partition('.')[0]}"
    if not is_restore:
        _require_same_major(data, version)
    return postgres.Cluster(
        programs=programs,
        data=data,
        sockets=layout.postgres_sockets or Path(tempfile.gettempdir()),
        password=layout.secret("database_password") or "",
        account=account,
    )


def _folder(layout: Layout, account: Account | None) -> Path:
    """Return the folder of the cluster: ``DATA_DIR``, unless its account cannot enter."""
    if layout.cluster_note.exists():
        return Path(layout.cluster_note.read_text().strip())
    if can_enter(account, layout.root):
        return layout.root
    # Not named by the path of DATA_DIR: one that is deleted and made again has
    # another password and must not meet the old cluster.
    folder = _SYSTEM_STATE / uuid4().hex
    folder.mkdir(parents=True, mode=0o711)
    for each in (_SYSTEM_STATE, folder):
        each.chmod(0o711)
    write_private(layout.cluster_note, str(folder))
    return folder


def can_enter(account: Account | None, folder: Path) -> bool:
    """Say whether ``account`` can pass through ``folder``."""
    return account is None or can_read(account, folder, must_list=False)


def _require_same_major(data: Path, version: str) -> None:
    found = sorted(path.parent.name for path in data.parent.glob("pg*/PG_VERSION"))
    if found and data.name not in found:
        old = found[-1][2:]
        raise Impossible(
            f"{data.parent} holds a PostgreSQL {old} cluster and this is PostgreSQL "
            f"{version}. Two commands move the data, the first with the programs of "
            f"{old}; the old cluster stays where it is:\n"
            f"  PORTAL_PG_BIN=/path/to/postgresql-{old}/bin .venv/bin/python manage.py "
            "backup /path/to/backups\n"
            "  .venv/bin/python manage.py restore /path/to/backups/receipt-portal-..."
        )
