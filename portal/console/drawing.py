"""Entries of a timeline as they are drawn: by day, with steps, gists and quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby

from django.utils import timezone

from portal.console import gist, steps
from portal.console.dividing import Theirs, beginnings
from portal.console.parts import told
from receipts import shapes
from receipts.models import Conversation, Message
from receipts.presenting.messages import show_messages
from receipts.presenting.timeline import show_timeline
from receipts.timeline import Entry, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One entry as it is drawn."""

    entry: shapes.TimelineEntry
    steps: Sequence[steps.Step]
    gist: str
    answered: tuple[shapes.Message, str] | None  # the message it replies to, its gist
    place: str
    begins: Theirs | None  # the provider's conversation, where it is another one


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


def draw(
    row: Conversation,
    entries: Sequence[Entry],
    *,
    is_clear: bool,
    before: Sequence[Entry] = (),
) -> list[Shown]:
    """Draw entries in their order; ``before`` is what stands in front of them."""
    public = show_timeline(entries, is_clear=is_clear)
    answered = _answered(row, public, is_clear=is_clear)
    begins = beginnings([*before, *entries])[len(before) :]
    return [
        _draw(shown, entry.place, answered, begun)
        for shown, entry, begun in zip(public, entries, begins, strict=True)
    ]


def _answered(
    row: Conversation, entries: Sequence[shapes.TimelineEntry], *, is_clear: bool
) -> dict[str, shapes.Message]:
    ids = {each.message.reply_to for each in entries if each.message}
    rows = Message.objects.filter(
        channel=row.channel_id, message_id__in=ids - {None}, slot=""
    )
    found = show_messages(list(rows.light()), is_clear=is_clear)
    return {message.message_id: message for message in found}


def _draw(
    entry: shapes.TimelineEntry,
    place: Place,
    answered: dict[str, shapes.Message],
    begins: Theirs | None,
) -> Shown:
    message = entry.message
    target = answered.get(message.reply_to or "") if message else None
    return Shown(
        entry=entry,
        steps=steps.way_of(message, timezone.now()) if message else (),
        gist=gist.gist_of(message) if message else "",
        answered=(target, gist.gist_of(target)) if target else None,
        place=told(place),
        begins=begins,
    )
