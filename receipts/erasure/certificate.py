"""What an erasure removed where, for whoever asked for it; names nobody."""

from collections.abc import Mapping
from datetime import datetime

from receipts.models import Erasure

KEPT = (
    "counts by hour, which name nobody",
    "keys of receipts: digests that let a repeat be known as one",
    "this certificate",
)


def certificate(erasure: Erasure) -> Mapping[str, object]:
    """Return the certificate as plain values."""
    return {
        "erasure": erasure.pk,
        "state": erasure.state,
        "person": erasure.shown,
        "reason": erasure.reason,
        "asked_by": erasure.asked_by,
        "confirmed_by": erasure.confirmed_by or None,
        "asked_at": _told(erasure.asked_at),
        "covers_what_came_before": _told(erasure.started_at),
        "finished_at": _told(erasure.finished_at),
        "removed": erasure.removed,
        "kept": list(KEPT),
        "left": erasure.left,
    }


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
