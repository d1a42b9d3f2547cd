"""Could everything be taken in, in time? Deadlines, gaps, and what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from portal.console.tiles import TYPES
from portal.console.views.page import Page
from receipts.querysets.bounded import bounded
from receipts.watching.deadlines import Deadline, deadlines
from receipts.watching.gaps import Seen
from receipts.watching.losses import Return
from receipts.watching.telling import DAYS, Statement, Told, told
from receipts.watching.windows import Window

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One channel against its provider's limit: the last day, and the week."""

    day: Deadline | None
    week: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one gap means for one channel, as it is shown."""

    about: Statement
    lost: tuple[Window, ...]
    lost_for: str
    comes: datetime | None  # the last retry that is still to come
    came: datetime | None  # the last one that has come
    waits: str
    by_queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapShown:
    """One gap, with a line a channel."""

    told: Told
    length: str
    ends_another_day: bool
    lines: list[Line]


class Intake(Page):
    """The deadline monitor and the loss clock."""

    permission = "receipts.view_callback"
    title = "Intake"
    template_name = "console/intake.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now = timezone.now()
        with bounded():
            day = {each.channel_id: each for each in deadlines(_hour(now - _DAY))}
            week = deadlines(_hour(now - _WEEK))
            seen, gaps = told(now)
        rows = [Row(day=day.get(each.channel_id), week=each) for each in week]
        return super().get_context_data(
            rows=rows,
            seen=seen,
            gaps=[_shown(each) for each in gaps],
            verdict=verdict(seen, rows),
            is_well=_is_well(seen, rows),
            days=DAYS,
            url=settings.INTAKE_URL,
            **kwargs,
        )


def verdict(seen: Seen, rows: list[Row]) -> str:
    """Say in one line how the intake fares."""
    late = sum(row.day.over_100 for row in rows if row.day)
    if seen.last_at is None:
        return "Nobody has seen the door answer yet"
    if seen.gaps and seen.gaps[0].is_open:
        return "The door is not seen to answer"
    if late:
        return (
            f"{late:,} acknowledgement{'s' * (late != 1)} of the last day came too late"
        )
    if seen.gaps:
        count = len(seen.gaps)
        return f"Answering, with {count} gap{'s' * (count != 1)} in {DAYS} days"
    return "Answering without a gap, and in time"


def length_words(length: timedelta) -> str:
    """Return a length of time in the two largest units that say something."""
    seconds = round(length.total_seconds())
    found = []
    for word, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            found.append(f"{count} {word}")
    return " ".join(found[:2]) or "0 s"


def _is_well(seen: Seen, rows: list[Row]) -> bool:
    late = any(row.day and row.day.over_100 for row in rows)
    return bool(seen.last_at) and not late and not any(g.is_open for g in seen.gaps)


def _shown(each: Told) -> GapShown:
    window = each.gap.window
    return GapShown(
        told=each,
        length=length_words(window.length),
        ends_another_day=window.start.date() != window.end.date(),
        lines=[_line(statement) for statement in each.statements],
    )


def _line(statement: Statement) -> Line:
    fate = statement.fate
    return Line(
        about=statement,
        lost=fate.lost,
        lost_for=length_words(fate.lost_for),
        comes=max(_ends(fate.coming), default=None),
        came=max(_ends(fate.returns), default=None),
        waits=", ".join(length_words(wait) for wait in statement.waits),
        by_queue=", ".join(TYPES[each] for each in statement.by_queue),
    )


def _ends(returns: tuple[Return, ...]) -> Iterator[datetime]:
    return (each.comes.end for each in returns)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
