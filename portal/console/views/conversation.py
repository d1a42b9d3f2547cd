"""The timeline of one conversation: what was said, and what became of it."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from channels_cfg import registry
from portal.console import parts, people
from portal.console.drawing import draw, draw_days
from portal.console.parts import Part
from portal.console.views.page import Page
from receipts import shapes
from receipts.models import Conversation, Message
from receipts.presenting.conversations import show_conversations
from receipts.querysets.bounded import bounded
from receipts.timeline import Entry, Place, read_timeline

MOST_FRESH = 50  # at one look; the rest comes with the next
OVERLAP = timedelta(seconds=15)


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
        """Return the query that asks for news; '' on a page of the past or of failures."""
        if part.newer is not None or "only" in self.request.GET:
            return ""
        newest = part.entries[-1].place if part.entries else None
        return live_query(newest, timezone.now())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            row = Conversation.objects.select_related("channel").get(pk=self.pk)
            asked = parts.asked_for(self.request.GET.dict())
            part = parts.part_of(row, asked)
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
                part=part,
                older=part.older,
                newer=part.newer,
                only_failures=asked.only_failures,
                day=self.request.GET.get("at", ""),
                **kwargs,
            )


class LiveTimeline(Page):
    """What is new of a timeline, and the messages that moved since it was drawn."""

    permission = "receipts.view_conversation"
    reveals = "conversation"
    template_name = "console/_live.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        place = parts.place_of(self.request.GET.get("after"))
        since = parts.moment_of(self.request.GET.get("since", "")) or timezone.now()
        now = timezone.now()
        with bounded():
            row = Conversation.objects.select_related("channel").get(pk=self.pk)
            fresh = read_timeline(row, place, MOST_FRESH, is_descending=False)
            known = {entry.message.pk for entry in fresh if entry.message}
            moved = [each for each in _moved(row, since) if each.place.pk not in known]
            is_clear = self.sees_people
            newest = fresh[-1].place if fresh else place
            return super().get_context_data(
                fresh=draw(row, fresh, is_clear=is_clear, before=_last(row, place)),
                moved=draw(row, moved, is_clear=is_clear),
                conversation=row,
                live=live_query(newest, now),
                **kwargs,
            )


def live_query(newest: Place | None, since: datetime) -> str:
    """Return the query that asks for what is new after ``newest`` and ``since``."""
    keys = parts.told(newest) if newest else ""
    # Somewhat earlier: a receipt becomes visible a little after it was received.
    at = (since - OVERLAP).isoformat()
    return "?" + urlencode({"after": keys, "since": at})


def _last(row: Conversation, place: Place | None) -> list[Entry]:
    """Return the entry that stood last, so that what differs from it is told."""
    if place is None:
        return []
    beyond = place._replace(pk=place.pk + 1)
    return read_timeline(row, beyond, 1, is_descending=True)


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
