"""Replaying all of one cause: a slice at a time, so that no request takes long."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from portal.console import problems
from receipts.models import QuarantinedItem
from receipts.processing.replay import (
    NotReplayable,
    Replayed,
    replay_callback,
    replay_item,
)

AT_ONCE = 500
FOR_SECONDS = 4.0


@dataclass(slots=True, kw_only=True)
class Slice:
    """What became of some of a group; ``after`` is where the next slice begins."""

    tried: int = 0
    gone: int = 0  # their bytes are no longer kept, or are still being read
    receipts: int = 0
    duplicates: int = 0
    quarantined: int = 0
    after: str = ""
    is_over: bool = True


def replay_some(
    of: str, channel: str, cause: str, *, after: str, is_dry: bool
) -> Slice:
    """Replay, or try to, what of a group follows ``after``, for a few seconds."""
    ends_at = time.monotonic() + FOR_SECONDS
    done = Slice(after=after)
    for each in _each(of, channel, cause, after=after):
        if time.monotonic() > ends_at or done.tried == AT_ONCE:
            done.is_over = False
            break
        done.tried += 1
        done.after = str(each if isinstance(each, UUID) else each.pk)
        _note(done, each, is_dry=is_dry)
    return done


def _each(
    of: str, channel: str, cause: str, *, after: str
) -> Iterable[QuarantinedItem | UUID]:
    if of == problems.CALLBACK:
        return _callbacks(channel, cause, after)
    return _items(channel, cause, after)


def _items(channel: str, cause: str, after: str) -> Iterator[QuarantinedItem]:
    rows = problems.items_of(channel, cause).defer("item").order_by("pk")
    if after.isdigit():
        rows = rows.filter(pk__gt=int(after))
    yield from rows[: AT_ONCE + 1]


def _callbacks(channel: str, cause: str, after: str) -> Iterator[UUID]:
    rows = problems.callbacks_of(channel, cause).order_by("pk")
    with suppress(ValueError):  # nothing was tried so far
        rows = rows.filter(pk__gt=UUID(after))
    yield from rows.values_list("pk", flat=True)[: AT_ONCE + 1]


def _note(done: Slice, each: QuarantinedItem | UUID, *, is_dry: bool) -> None:
    try:
        replayed = _replay(each, is_dry=is_dry)
    except NotReplayable:
        done.gone += 1
        return
    done.receipts += replayed.receipts
    done.duplicates += replayed.duplicates
    done.quarantined += replayed.quarantined


def _replay(each: QuarantinedItem | UUID, *, is_dry: bool) -> Replayed:
    if isinstance(each, UUID):
        return replay_callback(each, dry_run=is_dry)
    return replay_item(each, dry_run=is_dry)
