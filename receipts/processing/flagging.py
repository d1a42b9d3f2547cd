"""Marks on receipts that depend on what had come before: late, contradiction."""

from collections.abc import Sequence
from datetime import datetime

from channels_cfg.wire import FAILURES, RANKS, Flag
from receipts.processing.facts import Fact
from receipts.processing.fold import HANDSET_PROOF, STEPS

Received = Sequence[datetime | None]  # earliest receipt of each step, then of a failure


def flag_against(received: Received, facts: Sequence[Fact]) -> None:
    """Mark facts that came after a higher step, or against handset proof."""
    for fact in facts:
        if _is_late(fact, received):
            fact.flags |= Flag.LATE
        if _contradicts(fact, received):
            fact.flags |= Flag.CONTRADICTION


def _is_late(fact: Fact, received: Received) -> bool:
    rank = RANKS.get(fact.event.status or "", 0)
    return bool(rank) and any(
        RANKS[step] > rank and at is not None and at < fact.received_at
        for step, at in zip(STEPS, received, strict=False)
    )


def _contradicts(fact: Fact, received: Received) -> bool:
    failed_at = received[-1]
    if RANKS.get(fact.event.status or "", 0) >= HANDSET_PROOF:
        return failed_at is not None and failed_at <= fact.received_at
    return fact.event.status in FAILURES and any(
        RANKS[step] >= HANDSET_PROOF and at is not None and at <= fact.received_at
        for step, at in zip(STEPS, received, strict=False)
    )
