"""The way of a message as it is drawn: which steps, with which times and marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels_cfg.wire import FAILURES, RANKS, Status
from receipts import shapes

# Every message is expected to take these; others are drawn where they were told.
_EXPECTED = (Status.SENT, Status.DELIVERED, Status.READ)


class How(StrEnum):
    """What is known of a step."""

    TOLD = "told"
    IMPLIED = "implied"  # a later step was told, so it must have happened
    AWAITED = "awaited"
    UNKNOWABLE = "unknowable"  # the window in which it could be told has closed
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; ``is_late`` means: told after a higher one."""

    word: str
    how: How
    claimed_at: datetime | None = None
    received_at: datetime | None = None
    is_late: bool = False


def way_of(message: shapes.Message, now: datetime) -> list[Step]:
    """Return the steps of an MT message in their order, a failure last."""
    if message.direction == "mo":
        return []
    told = {word: _told(message, word) for word in RANKS}
    steps = [step for word in RANKS if (step := told[word] or _gap(message, word, now))]
    failed = _failure(message)
    if failed and not message.contradiction:
        steps = [step for step in steps if step.how is not How.AWAITED]
    return [*steps, *([failed] if failed else [])]


def _told(message: shapes.Message, word: str) -> Step | None:
    claimed, received = _times(message, word)
    if claimed is None and received is None:
        return None
    return Step(
        word=word,
        how=How.TOLD,
        claimed_at=claimed,
        received_at=received,
        is_late=_is_late(message, word, received),
    )


def _times(
    message: shapes.Message, word: str
) -> tuple[datetime | None, datetime | None]:
    field = f"{word}_at"
    return getattr(message.steps, field), getattr(message.steps_received, field)


def _is_late(message: shapes.Message, word: str, received: datetime | None) -> bool:
    if received is None:
        return False
    return any(at < received for at in _received_above(message, RANKS[word]))


def _received_above(message: shapes.Message, rank: int) -> Iterator[datetime]:
    for word, other in RANKS.items():
        at = _times(message, word)[1]
        if other > rank and at is not None:
            yield at


def _gap(message: shapes.Message, word: str, now: datetime) -> Step | None:
    """Return how a step that no receipt told is drawn, if at all."""
    if word in message.implied:
        return Step(word=word, how=How.IMPLIED)
    if word not in _EXPECTED or RANKS[word] > RANKS[message.ceiling]:
        return None
    ends = message.read_window_closes_at
    is_closed = word == Status.READ and ends is not None and ends < now
    return Step(word=word, how=How.UNKNOWABLE if is_closed else How.AWAITED)


def _failure(message: shapes.Message) -> Step | None:
    claimed, received = _times(message, "failed")
    word = message.status if message.status in FAILURES else Status.FAILED.value
    if claimed is None and received is None and message.status not in FAILURES:
        return None
    return Step(word=word, how=How.FAILED, claimed_at=claimed, received_at=received)
