"""When no host's door was seen to answer, from the table of all hosts' signs of life."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
from django.db.models import Q

from channels_cfg.wire import ReceiptMode
from receipts.models import Callback, IntakeSpan
from receipts.watching.watch import GAP_AFTER
from receipts.watching.windows import Window, joined, without

# The newest signs of life wait that long for their way into the table.
LATE = timedelta(seconds=30)
MOST = 20  # gaps that are told of
_PROOFS = 2_000  # pushes of one gap that are looked at


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nobody could be answered; ``is_open`` while it goes on."""

    window: Window
    why: str  # '' if nobody looked: the portal or its sweep did not run
    turned_away: int | None
    is_open: bool = False


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen: since when anybody looks, when last, and the gaps, newest first."""

    since: datetime | None
    last_at: datetime | None
    gaps: tuple[Gap, ...]
    is_more: bool = False


def seen(since: datetime, now: datetime) -> Seen:
    """Return what was seen of the intake since ``since``."""
    rows = list(_rows(since))
    if not rows:
        return Seen(since=None, last_at=None, gaps=())
    first, last = rows[0].started_at, max(row.ended_at for row in rows)
    found = _between(rows)
    if now - last > LATE:
        window = Window(last, now)
        found.append(Gap(window=window, why="", turned_away=None, is_open=True))
    newest = found[::-1][:MOST]
    told = [part for gap in newest for part in reversed(_narrowed(gap))]
    return Seen(
        since=first, last_at=last, gaps=tuple(told), is_more=len(found) > len(newest)
    )


def _rows(since: datetime) -> Iterable[IntakeSpan]:
    """Return the spans, also the one that ended last before ``since``."""
    before = IntakeSpan.objects.filter(ended_at__lt=since).order_by("-ended_at")[:1]
    return IntakeSpan.objects.filter(
        Q(ended_at__gte=since) | Q(pk__in=before.values("pk"))
    ).order_by("started_at")


def _between(rows: Sequence[IntakeSpan]) -> list[Gap]:
    """Return the gaps between spans that are longer than ``GAP_AFTER``."""
    up = joined(Window(row.started_at, row.ended_at + GAP_AFTER) for row in rows)
    begun = {row.started_at: row for row in rows}
    found = []
    for earlier, later in pairwise(up):
        row = begun[later.start]
        found.append(
            Gap(
                window=Window(earlier.end - GAP_AFTER, later.start),
                why=row.why_before,
                turned_away=row.turned_away,
            )
        )
    return found


def _narrowed(gap: Gap) -> list[Gap]:
    """Return what is left of ``gap`` beside pushes that were taken in it.

    Each of them proves that the door answered, though nobody looked.
    """
    pushes = Callback.objects.filter(
        mode=ReceiptMode.PUSH,
        received_at__gt=gap.window.start,
        received_at__lt=gap.window.end,
    ).order_by("received_at")
    half = GAP_AFTER / 2
    proven = joined(
        Window(at - half, at + half)
        for at in pushes.values_list("received_at", flat=True)[:_PROOFS]
    )
    if not proven:
        return [gap]
    left = [w for w in without([gap.window], proven) if w.length > GAP_AFTER]
    return [
        msgspec.structs.replace(
            gap, window=each, is_open=gap.is_open and each.end == gap.window.end
        )
        for each in left
    ]
