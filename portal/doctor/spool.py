"""The spool of this host: can be written, and is emptied."""

from collections.abc import Iterator

from portal.doctor.finding import Finding, look, ok, trouble
from receipts.spool import SpoolError, health

_MIB = 1024 * 1024


def examine() -> Iterator[Finding]:
    """Look at the folder, what waits in it, and what cannot be loaded."""
    written = health.check()
    if written == "full":
        yield trouble(
            "is full: while the database is away pushes would be refused",
            "Raise SPOOL_MAX_BYTES; `manage.py spool drain` loads what waits.",
        )
    elif written != "ok":
        yield trouble(written, "Set SPOOL_DIR to a folder that this user may write to.")
    try:
        state = health.state()
    except SpoolError as exc:
        yield trouble(f"cannot be read: {exc}", "Look at the folder of SPOOL_DIR.")
        return
    for words in health.complaints(state):
        yield look(words, "`manage.py spool status` tells more.")
    yield ok(f"{state.rows} callbacks wait, {state.max_bytes // _MIB:,} MiB of room")
