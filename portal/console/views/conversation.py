"""The timeline of one conversation: what was said, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_htmx.middleware import HtmxDetails

from channels_cfg import registry
from portal.console import people
from portal.console.drawing import draw, draw_days
from portal.console.views.page import Page
from receipts import shapes
from receipts.models import Conversation, Message
from receipts.presenting.conversations import show_conversations
from receipts.querysets.bounded import bounded
from receipts.timeline import Entry, Place, read_timeline

SIZE = 40
MOST_FRESH = 50  # at one look; the rest comes with the next
OVERLAP = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a timeline, oldest first."""

    entries: list[Entry]
    older: str | None
    newer: str | None


class Timeline(Page):
    """Who the person is, and the thread; older parts are added above by htmx."""

    permission = "receipts.view_conversation"
    reveals = "conversation"
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

    def _live(self, row: Conversation, part: Part) -> str:
        """Return the query that asks for news; '' on a page of the past."""
        if part.newer is not None:
            return ""
        newest = part.entries[-1].place if part.entries else None
        return live_query(newest, timezone.now())

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
                has_window=_has_window(row),
                days=draw_days(row, part.entries, is_clear=self.sees_people),
                live=self._live(row, part),
                older=part.older,
                newer=part.newer,
                **kwargs,
            )


class LiveTimeline(Page):
    """What is new of a timeline, and the messages that moved since it was drawn."""

    permission = "receipts.view_conversation"
    reveals = "conversation"
    template_name = "console/_live.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        place = _place(self.request.GET.get("after"))
        since = _moment(self.request.GET.get("since", "")) or timezone.now()
        now = timezone.now()
        with bounded():
            row = Conversation.objects.select_related("channel").get(pk=self.pk)
            fresh = read_timeline(row, place, MOST_FRESH, is_descending=False)
            known = {entry.message.pk for entry in fresh if entry.message}
            moved = [each for each in _moved(row, since) if each.place.pk not in known]
            is_clear = self.sees_people
            newest = fresh[-1].place if fresh else place
            return super().get_context_data(
                fresh=draw(row, fresh, is_clear=is_clear),
                moved=draw(row, moved, is_clear=is_clear),
                conversation=row,
                live=live_query(newest, now),
                **kwargs,
            )


def live_query(newest: Place | None, since: datetime) -> str:
    """Return the query that asks for what is new after ``newest`` and ``since``."""
    keys = f"{newest.at.isoformat()},{newest.rank},{newest.pk}" if newest else ""
    # Somewhat earlier: a receipt becomes visible a little after it was received.
    at = (since - OVERLAP).isoformat()
    return "?" + urlencode({"after": keys, "since": at})


def _moved(row: Conversation, since: datetime) -> list[Entry]:
    cluster = Conversation.objects.cluster([row.pk])
    rows = Message.objects.filter(conversation_id__in=cluster, last_at__gt=since)
    found = rows.light().order_by("-last_at", "-id")[:MOST_FRESH]
    return [Entry(Place(each.first_at, 0, each.pk), message=each) for each in found]


def _is_open(conversation: shapes.Conversation) -> bool:
    ends = conversation.window_closes_at
    return ends is not None and ends > timezone.now()


def _has_window(row: Conversation) -> bool:
    adapter = registry.adapters().get(row.channel.provider)
    return adapter is not None and row.channel_type in adapter.limits.service_window


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
        at = _moment(moment)
        return Place(at, int(rank[:1]), int(pk[:19])) if at else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _query(word: str, place: Place) -> str:
    return "?" + urlencode({word: f"{place.at.isoformat()},{place.rank},{place.pk}"})
