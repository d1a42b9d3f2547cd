"""Marks on receipts that depend on what had come before: late, contradiction."""

from collections.abc import Sequence
from datetime import datetime

from channels_cfg.wire import FAILURES, RANKS
from receipts.processing import bits
from receipts.processing.facts import Fact
from receipts.processing.fold import HANDSET_PROOF, STEPS

Received = Sequence[datetime | None]  # earliest receipt of each step, then of a failure

_RANKS_OF_STEPS = tuple(RANKS[step] for step in STEPS)


def flag_against(received: Received, facts: Sequence[Fact]) -> None:
    """Mark facts that came after a higher step, or against handset proof."""
    steps = [
        (rank, at) for rank, at in zip(_RANKS_OF_STEPS, received, strict=False) if at
    ]
    proven_at = min((at for rank, at in steps if rank >= HANDSET_PROOF), default=None)
    for fact in facts:
        status = fact.event.status or ""
        rank, came_at = RANKS.get(status, 0), fact.received_at
        if rank:
            for step, at in steps:  # any() costs three times as much
                if step > rank and at < came_at:
                    fact.flags |= bits.LATE
        is_proof = rank >= HANDSET_PROOF
        against = received[-1] if is_proof else proven_at
        contradicts = against is not None and against <= came_at
        if contradicts and (is_proof or status in FAILURES):
            fact.flags |= bits.CONTRADICTION
