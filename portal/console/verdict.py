"""What became of a message, in a sentence, and why we say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels_cfg.wire import FAILURES, Status
from portal.console import words
from receipts import shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``state`` is the sentence, ``why`` its ground."""

    state: str
    why: str


_REACHED: Mapping[str, str] = {
    Status.QUEUED: "The provider has it; it has not been sent yet.",
    Status.SENT: "Sent, not delivered so far.",
    Status.CHANNEL: "It reached the chat service, not the device so far.",
    Status.DELIVERED: "Delivered, not read so far.",
    Status.READ: "Read by the person.",
    Status.PLAYED: "Played by the person.",
    Status.RECEIVED: "A message from the person.",
    Status.DELETED: "Deleted.",
    Status.UNKNOWN: "Nobody has told yet what became of it.",
}
_ENDED: Mapping[str, str] = {
    Status.FAILED: "Not delivered.",
    Status.REJECTED: "Refused before it was sent.",
    Status.EXPIRED: "Not delivered in time.",
    Status.CANCELLED: "Called back before it was sent.",
}


def verdict(message: shapes.Message, now: datetime) -> Verdict:
    """Say what became of ``message``."""
    if message.contradiction:
        return Verdict(
            state=f"{message.status.capitalize()}, although a failure was told too.",
            why="A failure decides only below delivered. Both receipts are kept.",
        )
    if message.status in FAILURES:
        return Verdict(state=_ENDED[message.status], why=_blame(message))
    if message.status == message.ceiling and message.status != Status.READ:
        return Verdict(
            state=f"{message.status.capitalize()}.",
            why=f"{message.channel_type} never reports more than that.",
        )
    return Verdict(state=_so_far(message, now), why=_ground(message))


def _so_far(message: shapes.Message, now: datetime) -> str:
    ends = message.read_window_closes_at
    if message.status == Status.DELIVERED and ends is not None and ends < now:
        return "Delivered; whether it was read can no longer be known."
    return _REACHED.get(message.status, message.status.capitalize())


def _blame(message: shapes.Message) -> str:
    if message.error is None:
        return "The provider told no reason."
    code = message.error.code
    told = words.without_code(message.error.description, code)
    return f"{code or 'No code'}: {told or 'the provider gave no words.'}"


def _ground(message: shapes.Message) -> str:
    if message.direction == "mo":
        return "Told by an inbound receipt."
    if message.implied:
        steps = " and ".join(message.implied)
        return f"No receipt told {steps}, but a later step implies it."
    count = message.receipts
    return f"Told by {count} receipt{'' if count == 1 else 's'}."
