"""D1 to D6, D12 and D14: the database goes away, freezes, is full, locked or unsafe."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psycopg

from bench.faults.processes import send, wait_until
from bench.faults.scene import Fault, Scene, database

_BACK_WITHIN_S = 60
_REFUSE = """
CREATE FUNCTION faults_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE insufficient_privilege; END$$;
CREATE TRIGGER faults_refuse BEFORE INSERT ON receipts_callback
    FOR EACH ROW EXECUTE FUNCTION faults_refuse()
"""


def stop_at_once(scene: Scene) -> None:
    """D1: immediate stops; the supervisor starts it again."""
    for _ in range(scene.times(6, 3)):
        before = scene.portal.pid("postgres")
        send([before], signal.SIGQUIT)
        wait_until(
            lambda: scene.portal.pids().get("postgres") not in (None, before),  # noqa: B023
            within_s=15,
        )
        scene.wait(0.5, 3)
    await_database(scene)


def stay_away(scene: Scene) -> None:
    """D2: stop it, and let it not start again for a while."""
    with kept_away(scene):
        scene.wait(scene.seconds - 3)
    await_database(scene)


@contextmanager
def kept_away(scene: Scene) -> Iterator[None]:
    """Give a portal whose database cannot start."""
    pid = scene.portal.pid("postgres")
    folder = Path(_option(pid, b"-D"))
    needed, hidden = folder / "PG_VERSION", folder / "PG_VERSION.hidden"
    needed.rename(hidden)
    try:
        send([pid], signal.SIGQUIT)
        yield
    finally:
        hidden.rename(needed)


def freeze(scene: Scene) -> None:
    """D3: SIGSTOP all processes of the database for 6 s."""
    for _ in range(scene.times(2, 1)):
        frozen = scene.portal.whole("postgres")
        send(frozen, signal.SIGSTOP)
        try:
            scene.wait(6)
        finally:
            send(frozen, signal.SIGCONT)
        scene.wait(2, 4)


def kill_a_backend(scene: Scene) -> None:
    """D4: kill -9 the server process of one of the door's connections."""
    for _ in range(scene.times(3, 2)):
        with suppress(psycopg.Error), database() as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'portal-door'"
            ).fetchall()
            if found:
                send([int(str(scene.random.choice(found)[0]))], signal.SIGKILL)
        scene.wait(2, 4)
    await_database(scene)


def use_up_connections(scene: Scene) -> None:
    """D5: idle sessions take every connection that is left."""
    held: list[psycopg.Connection[tuple[object, ...]]] = []
    try:
        with suppress(psycopg.OperationalError):
            while len(held) < 500:
                held.append(database())
        scene.note(f"{len(held)} idle sessions")
        scene.wait(scene.times(10, 5))
    finally:
        for each in held:
            each.close()


def lock(scene: Scene) -> None:
    """D6: somebody locks the table of callbacks."""
    with database() as connection, connection.transaction():
        connection.execute("LOCK TABLE receipts_callback IN ACCESS EXCLUSIVE MODE")
        scene.wait(scene.times(20, 6))


def refuse_inserts(scene: Scene) -> None:
    """D12: the insert is not allowed. The embedded role owns all: a trigger refuses."""
    _despite_deadlocks(_REFUSE)
    try:
        scene.wait(scene.times(8, 5))
    finally:
        _despite_deadlocks("DROP FUNCTION faults_refuse CASCADE")


def _despite_deadlocks(sql: LiteralString) -> None:
    """Execute what locks a table and its partitions, while drains lock them too."""
    for _ in range(20):
        with suppress(psycopg.errors.DeadlockDetected), database() as connection:
            connection.execute(sql)
            return
    raise RuntimeError("deadlocks without an end")


def make_unsafe(scene: Scene) -> None:
    """D14: commits that do not wait for the disk make the portal say that it is not ready."""
    with database() as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        try:
            connection.execute("SELECT pg_reload_conf()")
            took = wait_until(
                lambda: scene.portal.status("healthz/ready") == 503, within_s=10
            )
            scene.require(took is not None, "ready on an unsafe database")
        finally:
            connection.execute("ALTER SYSTEM RESET synchronous_commit")
            connection.execute("SELECT pg_reload_conf()")
    took = wait_until(lambda: scene.portal.status("healthz/ready") == 200, within_s=10)
    scene.require(took is not None, "not ready again")


def await_database(scene: Scene) -> None:
    """Require that the database takes connections within a minute."""
    took = wait_until(_answers, within_s=_BACK_WITHIN_S)
    scene.require(took is not None, "the database did not come back")


def _answers() -> bool:
    with suppress(psycopg.OperationalError), database() as connection:
        connection.execute("SELECT 1")
        return True
    return False


def _option(pid: int, name: bytes) -> str:
    parts = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return parts[parts.index(name) + 1].decode()


FAULTS = (
    Fault(
        name="D1",
        does="immediate stop, 6 times",
        run=stop_at_once,
        seconds=30,
        short=14,
    ),
    Fault(name="D2", does="away for a minute", run=stay_away, seconds=60, short=10),
    Fault(name="D3", does="freeze for 6 s, twice", run=freeze, seconds=20, short=11),
    Fault(name="D4", does="kill -9 a backend, 3 times", run=kill_a_backend),
    Fault(name="D5", does="no connection left", run=use_up_connections),
    Fault(
        name="D6",
        does="table locked for 20 s",
        run=lock,
        seconds=25,
        in_short=False,
    ),
    Fault(name="D12", does="inserts refused", run=refuse_inserts, in_short=False),
    Fault(name="D14", does="commits made unsafe", run=make_unsafe, in_short=False),
)
