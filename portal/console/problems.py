"""Open quarantine grouped by cause: what is wrong, how often, since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from receipts.models import QuarantinedItem

MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Items of one channel with one cause; times are those of quarantining."""

    cause: str
    channel: str
    channel_name: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Groups, the largest first; ``is_capped`` when more lie open than were counted."""

    groups: list[Problem]
    count: int
    is_capped: bool


def open_problems() -> Problems:
    """Group the open items, 10,000 of them at most: a flood must not stop the page."""
    some = QuarantinedItem.objects.filter(state=QuarantinedItem.State.OPEN)
    counted = QuarantinedItem.objects.filter(pk__in=some.values("pk")[:MOST])
    groups = (
        counted.values("cause", "channel__key", "channel__name")
        .annotate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        .order_by("-count", "-last")
    )
    found = [
        Problem(
            cause=group["cause"],
            channel=group["channel__key"],
            channel_name=group["channel__name"],
            count=group["count"],
            first_at=group["first"],
            last_at=group["last"],
        )
        for group in groups
    ]
    count = sum(problem.count for problem in found)
    return Problems(groups=found, count=count, is_capped=count == MOST)
