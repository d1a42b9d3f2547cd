"""A folder of its own for each run; it stays where the run did not go as it must."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True, kw_only=True)
class Folder:
    """Where a run writes; whoever judges the run sets ``is_good``."""

    path: Path
    is_good: bool = False


@contextmanager
def own_folder(name: str, *, keep: bool = False) -> Iterator[Folder]:
    """Give a folder; it is taken away after a good run, else it is named."""
    made = Folder(path=Path(tempfile.mkdtemp(prefix=f"portal-{name}-")))
    made.path.chmod(0o711)  # root's PostgreSQL must pass through
    try:
        yield made
    finally:
        if made.is_good and not keep:
            shutil.rmtree(made.path, ignore_errors=True)
        else:
            print(f"Logs: {made.path}")
