"""What could not be read: groups by cause, the items of a group, one item."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View

from portal.console import acts, raw
from portal.console.pasted import QuarantineAsked
from portal.console.problems import ignored, open_problems
from portal.console.views.listing import ListPage
from portal.console.views.page import Page, require
from receipts.models import AccessRecord, QuarantinedItem
from receipts.processing.ignoring import ignore
from receipts.processing.replay import NotReplayable, Replayed, replay_item
from receipts.querysets.bounded import bounded

VIEW = "receipts.view_quarantineditem"
CHANGE = "receipts.change_quarantineditem"
DAYS = ("1", "7", "30")


class Problems(Page):
    """What needs somebody, grouped by cause, the largest group first."""

    permission = VIEW
    title = "Problems"
    template_name = "console/problems.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            return super().get_context_data(
                problems=open_problems(),
                ignored=ignored(),
                can_change=self.request.user.has_perm(CHANGE),
                **kwargs,
            )


class Items(ListPage[QuarantinedItem]):
    """Quarantined items, newest first."""

    permission = VIEW
    title = "Quarantined items"
    template_name = "console/items.html"
    filters = QuarantineAsked
    main = ("channel", "state", "cause")
    api = "quarantine"

    def rows(self) -> QuerySet[QuarantinedItem]:
        return QuarantinedItem.objects.defer("item").select_related("channel")


class Item(Page):
    """One item: why it could not be read, and its bytes."""

    permission = VIEW
    reveals = "item"
    template_name = "console/item.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            item = _get(self.pk)
        body = bytes(item.item)
        return super().get_context_data(
            title="Quarantined item",
            item=item,
            raw=raw.marked(body, item.reason) if self.sees_people else None,
            size=len(body),
            can_change=self.request.user.has_perm(CHANGE),
            days=DAYS,
            is_tried="tried" in self.request.GET,
            **kwargs,
        )


def end_of(days: str) -> datetime | None:
    """Return until when to ignore for a number of ``days``; None: for good."""
    return timezone.now() + timedelta(days=int(days)) if days in DAYS else None


class Ignore(View):
    """Close an item without reading it, with a reason."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it and go back to it."""
        item, reason = _to_change(request, pk), request.POST.get("note", "").strip()
        if not reason:
            messages.error(request, "Say why, in a few words.")
            return redirect("admin:item", pk=pk)
        until = end_of(request.POST.get("days", ""))
        ignore(QuarantinedItem.objects.filter(pk=item.pk), reason, until)
        acts.record(request, AccessRecord.Act.IGNORE, f"item {pk}", reason=reason)
        messages.success(request, "The item is ignored; its bytes are kept.")
        return redirect("admin:item", pk=pk)


class Replay(View):
    """Read an item again, or try to."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replay it and say what came, or would come, of it."""
        to = reverse("admin:item", args=[pk])
        item, is_dry = _to_change(request, pk), "dry" in request.POST
        try:
            done = replay_item(item, dry_run=is_dry)
        except NotReplayable as exc:
            messages.error(request, f"Not replayed: {exc}.")
        else:
            if not is_dry:
                acts.record(request, AccessRecord.Act.REPLAY, f"item {pk}")
            _tell(request, done, is_dry=is_dry)
            to += "?tried=1#act" if is_dry else ""
        return redirect(to)


def _tell(request: HttpRequest, done: Replayed, *, is_dry: bool) -> None:
    say = messages.warning if done.quarantined else messages.success
    what = "A replay would give" if is_dry else "Read again:"
    say(
        request,
        f"{what} {done.receipts} receipts, {done.duplicates} repeats, "
        f"{done.quarantined} still unreadable.",
    )


def _get(pk: int) -> QuarantinedItem:
    rows = QuarantinedItem.objects.select_related("channel")
    return get_object_or_404(rows, pk=pk)


def _to_change(request: HttpRequest, pk: int) -> QuarantinedItem:
    require(request, CHANGE)
    return _get(pk)
