"""Entries of a timeline as they are drawn: by day, with steps, gists and quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby

from django.utils import timezone

from portal.console import gist, steps
from receipts import shapes
from receipts.models import Conversation, Message
from receipts.presenting.messages import show_messages
from receipts.presenting.timeline import show_timeline
from receipts.timeline import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One entry as it is drawn."""

    entry: shapes.TimelineEntry
    steps: Sequence[steps.Step]
    gist: str
    answered: tuple[shapes.Message, str] | None  # the message it replies to, its gist


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The entries of one day, by UTC."""

    date: date
    entries: list[Shown]


def draw_days(
    row: Conversation, entries: Sequence[Entry], *, is_clear: bool
) -> list[Day]:
    """Draw entries, oldest first, by day."""
    shown = draw(row, entries, is_clear=is_clear)
    return [
        Day(date=day, entries=list(of_day))
        for day, of_day in groupby(
            shown, key=lambda each: each.entry.at.astimezone(UTC).date()
        )
    ]


def draw(row: Conversation, entries: Sequence[Entry], *, is_clear: bool) -> list[Shown]:
    """Draw entries in their order."""
    told = show_timeline(entries, is_clear=is_clear)
    answered = _answered(row, told, is_clear=is_clear)
    return [_draw(entry, answered) for entry in told]


def _answered(
    row: Conversation, told: Sequence[shapes.TimelineEntry], *, is_clear: bool
) -> dict[str, shapes.Message]:
    ids = {each.message.reply_to for each in told if each.message}
    rows = Message.objects.filter(
        channel=row.channel_id, message_id__in=ids - {None}, slot=""
    )
    found = show_messages(list(rows.light()), is_clear=is_clear)
    return {message.message_id: message for message in found}


def _draw(entry: shapes.TimelineEntry, answered: dict[str, shapes.Message]) -> Shown:
    message = entry.message
    if message is None:
        return Shown(entry=entry, steps=(), gist="", answered=None)
    target = answered.get(message.reply_to or "")
    return Shown(
        entry=entry,
        steps=steps.way_of(message, timezone.now()),
        gist=gist.gist_of(message),
        answered=(target, gist.gist_of(target)) if target else None,
    )
