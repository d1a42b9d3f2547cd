"""The timeline of one conversation: what was said, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_htmx.middleware import HtmxDetails

from portal.console import gist, people, steps
from portal.console.views.page import Page
from receipts import shapes
from receipts.models import Conversation, Message
from receipts.presenting.conversations import show_conversations
from receipts.presenting.messages import show_messages
from receipts.presenting.timeline import show_timeline
from receipts.querysets.bounded import bounded
from receipts.timeline import Entry, Place, read_timeline

SIZE = 40


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a timeline, oldest first."""

    entries: list[Entry]
    older: str | None
    newer: str | None


class Timeline(Page):
    """Who the person is, and the thread; older parts are added above by htmx."""

    permission = "receipts.view_conversation"
    template_name = "console/conversation.html"

    def get(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Lead from a merged conversation to the one that survives."""
        row = get_object_or_404(Conversation.objects.all(), pk=self.pk)
        if row.merged_into_id is not None:
            return redirect("admin:conversation", pk=row.merged_into_id)
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        """Return the thread alone where htmx asks for an older part."""
        details: HtmxDetails | None = getattr(self.request, "htmx", None)
        return ["console/_thread.html" if details else self.template_name]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            row = Conversation.objects.select_related("channel").get(pk=self.pk)
            part = _part(row, self.request)
            shown = show_conversations([row], is_clear=self.sees_people)[0]
            return super().get_context_data(
                title=people.name_of(shown.user),
                conversation=shown,
                channel=row.channel,
                beside=people.beside_name(shown.user),
                is_window_open=_is_open(shown),
                days=self._days(row, part.entries),
                older=part.older,
                newer=part.newer,
                **kwargs,
            )

    def _days(self, row: Conversation, entries: Sequence[Entry]) -> list[Day]:
        told = show_timeline(entries, is_clear=self.sees_people)
        answered = self._answered(row, told)
        shown = [_draw(entry, answered) for entry in told]
        return [
            Day(date=day, entries=list(of_day))
            for day, of_day in groupby(
                shown, key=lambda each: each.entry.at.astimezone(UTC).date()
            )
        ]

    def _answered(
        self, row: Conversation, told: Sequence[shapes.TimelineEntry]
    ) -> dict[str, shapes.Message]:
        ids = {each.message.reply_to for each in told if each.message}
        rows = Message.objects.filter(
            channel=row.channel_id, message_id__in=ids - {None}, slot=""
        )
        found = show_messages(list(rows.light()), is_clear=self.sees_people)
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


def _is_open(conversation: shapes.Conversation) -> bool:
    ends = conversation.window_closes_at
    return ends is not None and ends > timezone.now()


def _part(row: Conversation, request: HttpRequest) -> Part:
    after, before = _place(request.GET.get("after")), _place(request.GET.get("before"))
    is_forward = after is not None and before is None
    place = after if is_forward else before
    found = read_timeline(row, place, SIZE + 1, is_descending=not is_forward)
    taken, has_more = found[:SIZE], len(found) > SIZE
    entries = taken if is_forward else taken[::-1]
    if not entries:
        return Part(entries=[], older=None, newer=None)
    has_older = has_more or is_forward
    has_newer = has_more if is_forward else before is not None
    return Part(
        entries=entries,
        older=_query("before", entries[0].place) if has_older else None,
        newer=_query("after", entries[-1].place) if has_newer else None,
    )


def _place(text: str | None) -> Place | None:
    try:
        moment, rank, pk = (text or "").split(",")
        at = parse_datetime(moment)
        place = Place(at, int(rank[:1]), int(pk[:19])) if at else None
    except ValueError:
        return None
    return place if place and place.at.tzinfo else None


def _query(word: str, place: Place) -> str:
    return "?" + urlencode({word: f"{place.at.isoformat()},{place.rank},{place.pk}"})
