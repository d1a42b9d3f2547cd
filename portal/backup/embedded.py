"""The embedded PostgreSQL for a while, for a portal that does not run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.backup.problems import NotPossible
from portal.runtime import layout as layouts
from portal.runtime import stores
from portal.runtime.lock import Lock
from portal.runtime.output import Output
from portal.runtime.problems import Impossible
from portal.runtime.supervisor import Supervisor


@contextmanager
def server(data_dir: Path) -> Iterator[None]:
    """Run the server of a data directory, made if there is none, and stop it again.

    Raises ``NotPossible`` while a portal runs there.
    """
    output = Output()
    try:
        layout = layouts.prepare(data_dir)
        lock = Lock.take(layout.lock)
        layouts.make_secrets(layout)
        supervisor = Supervisor(output)
        try:
            supervisor.start([stores.database(layout)])
            yield
        finally:
            supervisor.stop()
            supervisor.close()
            lock.release()
    except Impossible as exc:
        raise NotPossible(str(exc)) from None
    finally:
        output.close()
