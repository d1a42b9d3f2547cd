"""The drain: pending callbacks, batch after batch, become receipts.

Safe side by side and twice: claims are fenced, and what a batch writes is one
transaction. A batch that fails is tried again by halves, so that a bad callback soon
stands alone and never blocks the others.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import Error, OperationalError, transaction
from psycopg.errors import DeadlockDetected

from receipts.processing import claiming, collector, courtesy, deadline, gate, redacted
from receipts.processing.claiming import Claim, LostLease, Outcome
from receipts.processing.facts import Contended, Fact
from receipts.processing.keeping import keep
from receipts.processing.measuring import was_read
from receipts.processing.quarantine import set_aside
from receipts.processing.reading import Reading, read_items

T = TypeVar("T")
log = structlog.get_logger(__name__)
_TRIES = 6
_A_LOT = 3  # batches: more than one worker can be of use


class Drained(Counter[str]):
    """What a drain did: ``callbacks``, ``items``, ``new``, ``batches``.

    ``ran_out`` is 1 when the time slice ended with callbacks left.
    """


def drain(
    *,
    for_seconds: float | None = None,
    older_than_s: float = 0.0,
    help_wanted: Callable[[], None] | None = None,
) -> Drained:
    """Read pending callbacks until none is left or the time slice ends.

    Calls ``help_wanted`` once when more than two batches are waiting: another worker,
    if one is free, drains beside this one.
    """
    ends_at = time.monotonic() + (for_seconds or settings.DRAIN_SLICE_S)
    drained, worked_s = Drained(), 0.0
    while claimed := _claim_until(ends_at, older_than_s, worked_s):
        began = time.monotonic()
        with collector.paused():
            drained.update(drain_claim(claimed))
        worked_s = time.monotonic() - began
        drained["batches"] += 1
        if drained["batches"] == _A_LOT and help_wanted is not None:
            help_wanted()
    drained["ran_out"] = int(time.monotonic() >= ends_at)
    return drained


def _claim_until(ends_at: float, older_than_s: float, worked_s: float) -> Claim | None:
    courtesy.give_way(ends_at, worked_s=worked_s)
    if time.monotonic() >= ends_at:
        return None
    claimed = claiming.claim(older_than_s=older_than_s)
    return claimed if claimed.callbacks else None


def drain_claim(claimed: Claim) -> Drained:
    """Read and keep one claim; when that fails, each of its halves."""
    exhausted = [c for c in claimed.callbacks if c.attempts > claiming.SET_ASIDE_AFTER]
    if exhausted:
        return _give_up(claimed)
    try:
        return _keep(claimed)
    except LostLease:
        log.warning("lease_lost", callbacks=len(claimed.callbacks))
        return Drained()
    except Exception as exc:
        if isinstance(exc, OperationalError) and not _is_about_rows(exc):
            raise  # the database is away: nobody is to blame, the lease runs out
        if len(claimed.callbacks) == 1:
            return _count_failure(claimed, exc)
        return _by_halves(claimed)


def _is_about_rows(exc: OperationalError) -> bool:
    return isinstance(exc.__cause__, DeadlockDetected)


def _by_halves(claimed: Claim) -> Drained:
    """Try both halves: few tries part a bad callback from hundreds of good ones."""
    middle = len(claimed.callbacks) // 2
    drained = Drained()
    for half in (claimed.callbacks[:middle], claimed.callbacks[middle:]):
        drained.update(drain_claim(Claim(token=claimed.token, callbacks=half)))
    return drained


def _count_failure(claimed: Claim, exc: Exception) -> Drained:
    (callback,) = claimed.callbacks
    log.error("callback_failed", callback=str(callback.id), exc_info=exc)
    # What follows the first line of a database's error shows the row itself.
    words = str(exc).partition("\n")[0] if isinstance(exc, Error) else str(exc)
    reason = f"{type(exc).__name__}: {words}"[:2000].replace("\0", "")
    claiming.put_back(claimed, reason)
    return Drained()


def _give_up(claimed: Claim) -> Drained:
    """Set aside a callback that killed its reader again and again."""
    log.error("callback_set_aside", callbacks=[str(c.id) for c in claimed.callbacks])
    claiming.put_back(claimed, "its reader died at every attempt")
    return Drained()


def _keep(claimed: Claim) -> Drained:
    """Keep a claim in one transaction."""

    def attempt() -> Drained:
        with deadline.reading():
            reading = read_items(claimed.callbacks)
        with transaction.atomic():
            gate.pass_through()
            claiming.hold(claimed)
            drained = write(reading)
        was_read(claimed, reading)
        return drained

    return retried(attempt)


def retried(attempt: Callable[[], T]) -> T:
    """Call ``attempt`` again when drains side by side collided, a few times."""
    for left in reversed(range(_TRIES)):
        try:
            return attempt()
        except (Contended, OperationalError) as exc:
            if left == 0 or not _is_collision(exc):
                raise
            log.info("drains_collided", left=left, reason=str(exc)[:80])
            time.sleep(0.01 * (_TRIES - left))
    raise AssertionError("unreachable")


def _is_collision(exc: Exception) -> bool:
    return isinstance(exc, Contended) or isinstance(exc.__cause__, DeadlockDetected)


def write(reading: Reading) -> Drained:
    """Write all that callbacks told, and close them. Call within a transaction."""
    keep(reading.facts)
    set_aside(reading.set_aside)
    _count(reading)
    claiming.finish(reading.outcomes)
    redacted.redact_repeats(reading.facts)
    return Drained(
        callbacks=len(reading.outcomes),
        items=sum(outcome.items for outcome in reading.outcomes),
        new=sum(outcome.new for outcome in reading.outcomes),
    )


def _count(reading: Reading) -> None:
    by_id: dict[object, Outcome] = {one.id: one for one in reading.outcomes}
    for fact in reading.facts:
        _tell(by_id[fact.callback_id], fact)


def _tell(outcome: Outcome, fact: Fact) -> None:
    if fact.is_new:
        outcome.new += 1
    else:
        outcome.duplicates += 1
