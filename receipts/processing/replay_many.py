"""Replay of many: a group of quarantined items, or the callbacks of a time span.

One transaction a callback, oldest first, so that it may be interrupted at any place and
run again. Rows are found by the QuerySets of callbacks and of the quarantine.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import msgspec
import structlog
from django.db import DatabaseError, OperationalError

from receipts.processing.replay import NotReplayable, Replayed, replay_callback
from receipts.querysets.callback import CallbackQuerySet, QuarantineQuerySet

log = structlog.get_logger(__name__)
_AT_ONCE = 1000


class Wanted(msgspec.Struct, frozen=True):
    """A callback to replay, or only the items at some positions of it."""

    callback_id: UUID
    positions: frozenset[int] | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What replaying one callback gave; ``trouble`` says why it could not be."""

    callback_id: UUID
    replayed: Replayed
    trouble: str = ""


def of_callbacks(
    callbacks: CallbackQuerySet, *, after: UUID | None = None
) -> Iterator[Wanted]:
    """Yield each of ``callbacks`` that was read before, oldest first.

    ``after`` is the last one of an earlier run that was interrupted.
    """
    # Their ids are in the order of time, and unique: a run can go on after any.
    ids = callbacks.read_before().order_by("id")
    if after is not None:
        ids = ids.filter(id__gt=after)
    for pk in ids.values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE):
        yield Wanted(pk)


def of_items(
    items: QuarantineQuerySet, *, after: UUID | None = None
) -> Iterator[Wanted]:
    """Yield the callbacks of ``items``, oldest first, each with the items' positions.

    ``after`` is the last callback of an earlier run that was interrupted.
    """
    ordered = items.order_by("callback_id", "position")
    if after is not None:
        ordered = ordered.filter(callback_id__gt=after)
    places = ordered.values_list("callback_id", "position")
    for callback_id, rows in groupby(
        places.iterator(chunk_size=_AT_ONCE), key=itemgetter(0)
    ):
        positions = frozenset(position for _, position in rows)
        # Without a position the whole body was unreadable.
        some = frozenset(place for place in positions if place is not None)
        yield Wanted(callback_id, some if some == positions else None)


def replay_many(wanted: Iterable[Wanted], *, dry_run: bool = False) -> Iterator[Step]:
    """Replay one after the other as the steps are asked for.

    What cannot be replayed, and what the database refuses, stops no other. With
    ``dry_run`` each callback is looked at by itself: a receipt that two of them hold
    is told as new by both.
    """
    for each in wanted:
        try:
            replayed = replay_callback(
                each.callback_id, positions=each.positions, dry_run=dry_run
            )
        except NotReplayable as exc:
            yield _trouble(each, str(exc))
        except DatabaseError as exc:
            if isinstance(exc, OperationalError):
                raise  # the database is away: nothing after this would fare better
            log.exception("not_replayed", callback=str(each.callback_id))
            yield _trouble(each, f"{type(exc).__name__}: {exc}")
        else:
            yield Step(callback_id=each.callback_id, replayed=replayed)


def _trouble(wanted: Wanted, why: str) -> Step:
    return Step(callback_id=wanted.callback_id, replayed=Replayed(), trouble=why)
