"""From this host's spool into the database: in order, once, and without hurry.

A row leaves the spool only after its commit. What is loaded twice all the same, by a
loader that died in between, collides with itself.
"""

import time
from collections import Counter
from collections.abc import Sequence

import msgspec
import structlog
from django.conf import settings
from django.db import DataError, Error, IntegrityError, connection, transaction

from receipts.database import within
from receipts.deliveries import Delivery, insert_many
from receipts.spool import canary, folder, rescuing
from receipts.spool.file import SpoolFile
from receipts.spool.folder import Damaged, Full, SpoolError
from receipts.spool.records import Kind, Record, Row, unpack
from receipts.spool.store import spool

log = structlog.get_logger(__name__)

_BATCH = 200
_BATCH_BYTES = 8 * 1024 * 1024
_SLICE_S = 5.0
_PATIENCE_S = 30.0  # with one batch
_SLOW_S = 0.2  # a batch that takes longer meets a busy database


class Loaded(Counter[str]):
    """What a load did: ``callbacks``, ``canaries``, ``aside``, ``rescued``."""


class _Done(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of the rows of one batch; ``bad`` says why nobody can load a row."""

    inserted: list[int]
    canaries: list[int]
    bad: dict[int, str]

    def told(self) -> Loaded:
        return Loaded(
            callbacks=len(self.inserted),
            canaries=len(self.canaries),
            aside=len(self.bad),
        )


class Elsewhere(Exception):
    """Another process of this host is loading."""


def load_quietly() -> Loaded:
    """Load for a while, if there is anything; what stands in the way is logged."""
    try:
        return load(for_seconds=_SLICE_S)
    except Elsewhere:
        return Loaded()
    except SpoolError as exc:
        log.error("spool_not_read", reason=str(exc))  # noqa: TRY400  # the reason says it all
    except Error as exc:
        log.warning("spool_not_loaded", reason=str(exc).strip()[:200])
        connection.close()
    return Loaded()


def load(*, for_seconds: float) -> Loaded:
    """Load until the spool is empty or the time is over; returns what was done.

    Raises ``Elsewhere``, ``SpoolError``, and ``django.db.Error`` while the database is
    away; nothing is lost by any of them.
    """
    loaded = Loaded()
    if not settings.SPOOL_DIR.is_dir():
        return loaded
    ends_at = time.monotonic() + for_seconds
    with folder.alone(settings.SPOOL_DIR, "loader", waits=False) as is_ours:
        if not is_ours:
            raise Elsewhere
        canary.send_if_due()
        for file in spool().files():
            _load_file(file, ends_at, loaded)
        for path in folder.damaged_files(settings.SPOOL_DIR):
            loaded["rescued"] += rescuing.rescue(path, _keep_sound)
    if loaded["callbacks"]:
        log.info("spool_loaded", **loaded)
    return loaded


def _load_file(file: SpoolFile, ends_at: float, loaded: Loaded) -> None:
    check, after, is_emptied, is_sound = file.check, 0, True, True
    try:
        while time.monotonic() < ends_at:
            rows = file.oldest(_BATCH, _BATCH_BYTES, after=after)
            if not rows:
                break
            began = time.monotonic()
            done = _insert_rows(rows)
            # Not again and again while the database is away, but before a removal,
            # which moves rows about and would hide what is missing.
            check()
            is_emptied &= _remove(file, done)
            is_sound &= not done.bad
            loaded.update(done.told())
            check, after = _nothing, rows[-1].seq
            _pause(time.monotonic() - began)
        if after and is_emptied:
            file.settle()
        elif after and is_sound and file.discard(after):
            log.warning("spool_file_discarded", file=file.path.name)
    except Damaged as exc:
        # Its marker stands: the next load rescues what can be read.
        log.error("spool_file_damaged", file=file.path.name, reason=str(exc))  # noqa: TRY400


def _insert_rows(rows: Sequence[Row]) -> _Done:
    readable, unreadable = _read(rows)
    deliveries = {
        seq: record.delivery
        for seq, record in readable.items()
        if record.kind is Kind.CALLBACK
    }
    bad = unreadable | _insert(deliveries)
    return _Done(
        inserted=[seq for seq in deliveries if seq not in bad],
        canaries=[seq for seq in readable if seq not in deliveries],
        bad=bad,
    )


def _remove(file: SpoolFile, done: _Done) -> bool:
    """Remove what is safe, and put aside what nobody can load.

    False when the disk is so full that this cannot be: all the rest is loaded first.
    """
    try:
        for seq, reason in done.bad.items():
            log.error("spool_row_aside", file=file.path.name, row=seq, reason=reason)
            file.put_aside(seq, reason)
        if done.canaries:
            file.note(canary.NOTE)
        file.forget([*done.inserted, *done.canaries])
    except Full as exc:
        log.error("spool_not_emptied", file=file.path.name, reason=str(exc))  # noqa: TRY400
        return False
    return True


def _read(rows: Sequence[Row]) -> tuple[dict[int, Record], dict[int, str]]:
    """Return what the rows hold, and why the others cannot be read, by number."""
    readable: dict[int, Record] = {}
    unreadable: dict[int, str] = {}
    for row in rows:
        try:
            readable[row.seq] = unpack(row)
        except Damaged as exc:
            unreadable[row.seq] = str(exc)
    return readable, unreadable


def _insert(deliveries: dict[int, Delivery]) -> dict[int, str]:
    """Insert all; returns the reasons of those that the database cannot take."""
    try:
        _keep(list(deliveries.values()))
    except (DataError, IntegrityError) as exc:
        if len(deliveries) == 1:
            return {seq: str(exc) for seq in deliveries}
        bad: dict[int, str] = {}
        for seq, delivery in deliveries.items():
            bad |= _insert({seq: delivery})
        return bad
    return {}


def _keep(deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        with within(_PATIENCE_S), transaction.atomic():
            insert_many(deliveries)


def _keep_sound(deliveries: Sequence[Delivery]) -> int:
    return len(deliveries) - len(_insert(dict(enumerate(deliveries))))


def _nothing() -> None:
    return


def _pause(took: float) -> None:
    """Leave the database to new pushes as long as it was busy with old ones, or more."""
    time.sleep(min(2.0, took if took < _SLOW_S else 4 * took))
