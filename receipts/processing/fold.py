"""What facts make of one message. Pure; order and repeats cannot matter.

A ``MessageState`` is joined with facts here and with the stored row in SQL
(``messages.py``): least, greatest and the maximum of a tuple, nothing else.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from channels_cfg.wire import FAILURES, RANKS, STATUS_OF_RANK, Kind, Status
from receipts.processing.facts import Fact

STEPS = ("queued", "sent", "channel", "delivered", "read", "played")
_TIMES_OF = {step: (f"{step}_at", f"{step}_received_at") for step in RANKS}
HANDSET_PROOF = RANKS[Status.DELIVERED]


class MessageState(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What facts say of one message; field names are the columns of ``Message``."""

    channel_id: int
    message_id: str
    slot: str = ""
    number: str | None = None
    numberless: int = 0
    direction: str = "mt"
    channel_type: str
    business_address: str | None = None
    conversation_id: int | None = None
    task_id: str | None = None
    reply_to: str | None = None
    template_code: str | None = None
    template_name: str | None = None
    template_language: str | None = None
    content: str | None = None
    text: str | None = None
    status: str = ""
    progress: int = 0
    queued_at: datetime | None = None
    queued_received_at: datetime | None = None
    sent_at: datetime | None = None
    sent_received_at: datetime | None = None
    channel_at: datetime | None = None
    channel_received_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_received_at: datetime | None = None
    read_at: datetime | None = None
    read_received_at: datetime | None = None
    played_at: datetime | None = None
    played_received_at: datetime | None = None
    failed_at: datetime | None = None
    failed_received_at: datetime | None = None
    failure_key: str | None = None
    failure_status: str | None = None
    error_code: str | None = None
    upstream_code: str | None = None
    error_description: str | None = None
    first_at: datetime
    last_at: datetime
    receipts: int = 0
    recipients: int = 1
    legs: list[dict[str, str]] | None = None

    def settle(self) -> "MessageState":
        """Work out ``status`` from what was folded."""
        self.status = status_of(self.direction, self.progress, self.failure_status)
        return self


def status_of(direction: str, progress: int, failure_status: str | None) -> str:
    """Return the status that progress and failure make.

    Handset proof is the stronger evidence: a failure decides only below delivered.
    """
    if direction == "mo":
        return Status.RECEIVED
    if failure_status and progress < HANDSET_PROOF:
        return failure_status
    return STATUS_OF_RANK[progress] if progress else Status.UNKNOWN


def fold(facts: Sequence[Fact], *, slot: str = "") -> MessageState:
    """Fold ``facts``, at least one, all of one message and one leg."""
    first = facts[0]
    state = MessageState(
        channel_id=first.channel_id,
        message_id=first.event.message_id,
        slot=slot,
        channel_type=first.channel_type,
        first_at=first.at,
        last_at=first.received_at,
    )
    for fact in facts:
        _join(state, fact)
    return state.settle()


def _join(state: MessageState, fact: Fact) -> None:
    event = fact.event
    state.first_at = min(state.first_at, fact.at)
    state.last_at = max(state.last_at, fact.received_at)
    state.receipts += fact.is_new
    state.conversation_id = state.conversation_id or fact.conversation_id
    if event.kind is Kind.INBOUND:
        state.direction = "mo"
    _join_number(state, fact)
    _join_words(state, fact)
    if event.status in RANKS:
        _join_step(state, fact, str(event.status))
    elif event.status in FAILURES:
        _join_failure(state, fact)


def _join_number(state: MessageState, fact: Fact) -> None:
    if fact.number:
        state.number = fact.number
    else:
        state.numberless = max(state.numberless, 2 if fact.identity_keys() else 1)


def _join_words(state: MessageState, fact: Fact) -> None:
    event = fact.event
    state.business_address = _greater(state.business_address, event.business_address)
    state.task_id = _greater(state.task_id, event.task_id)
    state.reply_to = _greater(state.reply_to, event.reply_to)
    state.template_code = _greater(state.template_code, event.template_code)
    state.template_name = _greater(state.template_name, event.template_name)
    state.template_language = _greater(state.template_language, event.template_language)
    if event.content is not None:
        state.content = _richer(state.content, content_text(event.content))
        if event.kind is Kind.INBOUND:
            state.text = _greater(state.text, event.content.text)


def _join_step(state: MessageState, fact: Fact, step: str) -> None:
    claimed, received = _TIMES_OF[step]
    state.progress = max(state.progress, RANKS[step])
    _earliest(state, claimed, fact.claimed_at)
    _earliest(state, received, fact.received_at)


def _join_failure(state: MessageState, fact: Fact) -> None:
    _earliest(state, "failed_at", fact.claimed_at)
    _earliest(state, "failed_received_at", fact.received_at)
    key = failure_key(fact)
    if state.failure_key is None or key > state.failure_key:
        failure = fact.event.failure
        state.failure_key = key
        state.failure_status = str(fact.event.status)
        state.error_code = (failure and failure.code) or None
        state.upstream_code = (failure and failure.upstream_code) or None
        state.error_description = (failure and failure.description) or None


def failure_key(fact: Fact) -> str:
    """Return a text by which the failure that is shown sorts last.

    One with a code before one without, the later before the earlier; the rest only
    makes the order total.
    """
    failure = fact.event.failure
    code = failure.code if failure else ""
    rest = (failure.upstream_code, failure.description) if failure else ("", "")
    micros = int(fact.at.timestamp() * 1_000_000)
    return "|".join(
        (str(int(bool(code))), f"{micros:020}", str(fact.event.status), code, *rest)
    )


def content_text(content: msgspec.Struct) -> str:
    """Return content as JSON text, always the same for the same content."""
    return msgspec.json.encode(content, order="deterministic").decode()


def _earliest(state: MessageState, name: str, moment: datetime | None) -> None:
    known = getattr(state, name)
    if moment is not None and (known is None or moment < known):
        setattr(state, name, moment)


def _greater(known: str | None, told: str) -> str | None:
    return told if told and (known is None or told > known) else known


def _richer(known: str | None, told: str) -> str:
    if known is None:
        return told
    return max(known, told, key=lambda text: (len(text), text))


def legs_of(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Group facts by the channel type of their leg, in its sort order."""
    legs: dict[str, list[Fact]] = {}
    for fact in facts:
        legs.setdefault(fact.channel_type, []).append(fact)
    return dict(sorted(legs.items()))


def fold_legs(facts: Sequence[Fact], *, slot: str = "") -> MessageState:
    """Fold a message that may have fallen back to other channel types.

    Each leg folds by itself and the best one shows; what is said of the message as a
    whole (first and last time, number, receipts) is that of all legs together.
    """
    legs = {leg: fold(of_leg, slot=slot) for leg, of_leg in legs_of(facts).items()}
    if len(legs) == 1:
        return next(iter(legs.values()))
    whole = fold(facts, slot=slot)
    best = max(legs.values(), key=lambda leg: (leg.progress, leg.failure_key or ""))
    shown = msgspec.structs.replace(
        best,
        first_at=whole.first_at,
        last_at=whole.last_at,
        receipts=whole.receipts,
        number=whole.number,
        numberless=whole.numberless,
        task_id=whole.task_id,
        # That of the first leg that names a person; the others refer to the message.
        conversation_id=next(
            (leg.conversation_id for leg in legs.values() if leg.conversation_id), None
        ),
        content=whole.content,
        legs=[{"leg": leg, "status": state.status} for leg, state in legs.items()],
    )
    return shown.settle()
