"""The embedded PostgreSQL for a while, for a portal that does not run."""

import shutil
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
def server(data_dir: Path, *, is_restore: bool = False) -> Iterator[None]:
    """Run the server of a data directory, made if there is none, and stop it again.

    A cluster that a restore made, and could not fill, is taken away again. Raises
    ``NotPossible`` while a portal runs there.
    """
    output = Output()
    try:
        layout = layouts.prepare(data_dir)
        lock = Lock.take(layout.lock)
        layouts.make_secrets(layout)
        supervisor = Supervisor(output)
        data = stores.cluster_data(layout)
        is_new = not data.exists()
        is_good = False
        try:
            supervisor.start([stores.database(layout, is_restore=is_restore)])
            yield
            is_good = True
        finally:
            supervisor.stop()
            supervisor.close()
            if is_new and not is_good:
                shutil.rmtree(data, ignore_errors=True)
            lock.release()
    except Impossible as exc:
        raise NotPossible(str(exc)) from None
    finally:
        output.close()
