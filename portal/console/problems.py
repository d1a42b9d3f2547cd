"""What could not be read, grouped by cause: what is wrong, how often, since when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from receipts.models import Callback, QuarantinedItem
from receipts.querysets.callback import CallbackQuerySet, QuarantineQuerySet

MOST = 10_000
MOST_CALLBACKS = 1_000
ITEM, CALLBACK = "item", "callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Items, or whole callbacks, of one channel with one cause."""

    cause: str
    channel: str
    channel_name: str
    count: int
    first_at: datetime
    last_at: datetime
    of: str = ITEM

    @property
    def query(self) -> str:
        """The query of this group's page."""
        return urlencode({"of": self.of, "channel": self.channel, "cause": self.cause})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Groups, the largest first; ``is_capped`` when more lie open than were counted."""

    groups: list[Problem]
    count: int
    is_capped: bool


def open_problems() -> Problems:
    """Group what is open, a bounded number of it: a flood must not stop the page."""
    items, callbacks = list(_of_items()), _of_callbacks()
    found = sorted([*items, *callbacks], key=lambda each: -each.count)
    count = sum(problem.count for problem in items)
    return Problems(
        groups=found,
        count=sum(problem.count for problem in found),
        is_capped=count == MOST,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Items of one cause that are ignored for a while."""

    cause: str
    channel: str
    channel_name: str
    count: int
    until: datetime
    note: str


def ignored() -> list[Ignored]:
    """Return what is ignored with an end, the soonest first; 100 groups at most."""
    some = QuarantinedItem.objects.filter(
        state=QuarantinedItem.State.IGNORED, ignored_until__isnull=False
    )
    names = ("cause", "channel__key", "channel__name", "ignored_until", "note")
    rows = some.values_list(*names).annotate(count=Count("pk"))
    return [
        Ignored(
            cause=cause, channel=key, channel_name=name, count=n, until=until, note=note
        )
        for cause, key, name, until, note, n in rows.order_by("ignored_until")[:100]
    ]


def ignored_items_of(channel: str, cause: str) -> QuarantineQuerySet:
    """Return the items of one group that are ignored with an end."""
    return QuarantinedItem.objects.filter(
        state=QuarantinedItem.State.IGNORED,
        ignored_until__isnull=False,
        channel__key=channel,
        cause=cause,
    )


def items_of(channel: str, cause: str) -> QuarantineQuerySet:
    """Return the open items of one group."""
    return QuarantinedItem.objects.filter(
        state=QuarantinedItem.State.OPEN, channel__key=channel, cause=cause
    )


def callbacks_of(channel: str, cause: str) -> CallbackQuerySet:
    """Return the callbacks of one group that no quarantined item stands for."""
    # Its first words: see ``_of_callbacks``.
    told = Q(error=cause) | Q(error__startswith=f"{cause}:")
    if not cause:
        told |= Q(error__isnull=True)
    return _failed().filter(told, channel__key=channel)


def _of_items() -> Iterator[Problem]:
    some = QuarantinedItem.objects.filter(state=QuarantinedItem.State.OPEN)
    counted = QuarantinedItem.objects.filter(pk__in=some.values("pk")[:MOST])
    groups = (
        counted.values("cause", "channel__key", "channel__name")
        .annotate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        .order_by("-count", "-last")
    )
    for group in groups:
        yield Problem(
            cause=group["cause"],
            channel=group["channel__key"],
            channel_name=group["channel__name"],
            count=group["count"],
            first_at=group["first"],
            last_at=group["last"],
        )


def _failed() -> CallbackQuerySet:
    held = QuarantinedItem.objects.filter(callback_id=OuterRef("pk"))
    return Callback.objects.filter(~Exists(held), state=Callback.State.FAILED)


def _of_callbacks() -> list[Problem]:
    rows = (
        _failed()
        .order_by("-received_at")
        .values_list("channel__key", "channel__name", "error", "received_at")
    )
    groups: dict[tuple[str, str, str], list[datetime]] = {}
    for key, name, error, at in rows[:MOST_CALLBACKS]:
        # Its first words, such as the name of an exception; details differ.
        cause = (error or "").split(":")[0]
        groups.setdefault((cause, key, name), []).append(at)
    return [
        Problem(
            cause=cause,
            channel=key,
            channel_name=name,
            count=len(times),
            first_at=times[-1],
            last_at=times[0],
            of=CALLBACK,
        )
        for (cause, key, name), times in groups.items()
    ]
