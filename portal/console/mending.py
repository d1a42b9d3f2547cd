"""Replaying all of one cause: a slice at a time, so that no request takes long."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from portal.console import problems
from receipts.processing.replay_many import (
    Step,
    Wanted,
    of_callbacks,
    of_items,
    replay_many,
)

AT_ONCE = 500
FOR_SECONDS = 4.0


@dataclass(slots=True, kw_only=True)
class Slice:
    """What became of some of a group; ``after`` is where the next slice begins."""

    tried: int = 0  # callbacks
    gone: int = 0  # their bytes are no longer kept, or are still being read
    receipts: int = 0
    duplicates: int = 0
    quarantined: int = 0
    after: str = ""
    is_over: bool = True

    def note(self, step: Step) -> None:
        """Add what replaying one callback gave."""
        self.tried += 1
        self.after = str(step.callback_id)
        self.gone += bool(step.trouble)
        self.receipts += step.replayed.receipts
        self.duplicates += step.replayed.duplicates
        self.quarantined += step.replayed.quarantined


def replay_some(
    of: str, channel: str, cause: str, *, after: str, is_dry: bool
) -> Slice:
    """Replay, or try to, what of a group follows ``after``, for a few seconds."""
    ends_at = time.monotonic() + FOR_SECONDS
    done = Slice(after=after)
    wanted = _wanted(of, channel, cause, _id(after))
    for step in replay_many(wanted, dry_run=is_dry):
        done.note(step)
        if time.monotonic() > ends_at or done.tried == AT_ONCE:
            # Whether anything follows shows in the next slice.
            done.is_over = False
            break
    return done


def _wanted(of: str, channel: str, cause: str, after: UUID | None) -> Iterator[Wanted]:
    if of == problems.CALLBACK:
        return of_callbacks(problems.callbacks_of(channel, cause), after=after)
    return of_items(problems.items_of(channel, cause), after=after)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:  # nothing was tried so far
        return None
