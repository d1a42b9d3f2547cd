"""D7: migrations under load: they give way to who uses a table, and delay no push."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from bench.faults.scene import Fault, Scene, database

_MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
_APPS = ("receipts", "channels_cfg", "logins")
_GIVES_WAY = "A table is in use"
_AT_MOST_S = 60
_AT_MOST_MS = 2000


def migrate(scene: Scene) -> None:
    """D7: the newest migrations back and forth, once while somebody reads."""
    moves = [(app, before) for app in _APPS if (before := _one_before(app))]
    scene.require(moves, "there is no migration to go back")
    for app, before in moves:
        for name in (before, None):
            _go(scene, app, name, is_held=name is None)
            scene.wait(0.5, 1)
    scene.note(", ".join(f"{app} to {before} and back" for app, before in moves))


def _one_before(app: str) -> str | None:
    """Return the migration before the newest one of an app that can be undone."""
    graph = MigrationLoader(connection).graph
    connection.close()
    (newest,) = graph.leaf_nodes(app)
    its = graph.nodes[newest]
    before = [str(name) for label, name in its.dependencies if label == app]
    can_be_undone = all(operation.reversible for operation in its.operations)
    return before[0] if before and can_be_undone else None


def _go(scene: Scene, app: str, name: str | None, *, is_held: bool) -> None:
    words = [sys.executable, str(_MANAGE), "migrate", app, *([name] if name else [])]
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None  # noqa: S101  # tells the type
        if is_held:
            with _everything_read():
                told = process.stderr.readline()
            scene.require(_GIVES_WAY in told, f"it does not give way: {told}")
        said = process.stderr.read()
        status = process.wait(_AT_MOST_S)
    scene.require(status == 0, f"{app} to {name}: {said.strip()[-200:]}")


@contextmanager
def _everything_read() -> Iterator[None]:
    """Read every table in one transaction, and stay in it."""
    with database() as other, other.transaction():
        tables = other.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (name,) in tables:
            other.execute(f"SELECT 1 FROM {name} LIMIT 1".encode())  # noqa: S608
        yield


FAULTS = (
    Fault(
        name="D7",
        does="migrations back and forth",
        run=migrate,
        seconds=40,
        late_ms=_AT_MOST_MS,
        in_short=False,
    ),
)
