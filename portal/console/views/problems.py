"""What could not be read: groups by cause, the items of a group, one item."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View

from portal.console import raw
from portal.console.problems import open_problems
from portal.console.views.listing import ListPage
from portal.console.views.page import Page
from receipts.models import QuarantinedItem
from receipts.processing.replay import NotReplayable, Replayed, replay_item
from receipts.querysets.bounded import bounded
from receipts.search import QuarantineFilters
from receipts.search.parameters import Word

VIEW = "receipts.view_quarantineditem"
CHANGE = "receipts.change_quarantineditem"


class Asked(QuarantineFilters):
    """The API's filters, and the cause that groups them."""

    cause = Word()


class Problems(Page):
    """What needs somebody, grouped by cause, the largest group first."""

    permission = VIEW
    title = "Problems"
    template_name = "console/problems.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            return super().get_context_data(problems=open_problems(), **kwargs)


class Items(ListPage[QuarantinedItem]):
    """Quarantined items, newest first."""

    permission = VIEW
    title = "Quarantined items"
    template_name = "console/items.html"
    filters = Asked
    main = ("channel", "state", "cause")
    api = "quarantine"

    def rows(self) -> QuerySet[QuarantinedItem]:
        return QuarantinedItem.objects.defer("item").select_related("channel")


class Item(Page):
    """One item: why it could not be read, and its bytes."""

    permission = VIEW
    template_name = "console/item.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            item = _get(self.pk)
        body = bytes(item.item)
        return super().get_context_data(
            title="Quarantined item",
            item=item,
            raw=raw.pretty(body) if self.sees_people else None,
            size=len(body),
            can_change=self.request.user.has_perm(CHANGE),
            **kwargs,
        )


class Ignore(View):
    """Close an item without reading it, with a reason."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it and go back to it."""
        item = _to_change(request, pk)
        item.ignore(request.POST.get("note", "").strip(), at=timezone.now())
        messages.success(request, "The item is ignored; its bytes are kept.")
        return redirect("admin:item", pk=pk)


class Replay(View):
    """Read an item again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replay it and say what came of it."""
        try:
            done = replay_item(_to_change(request, pk))
        except NotReplayable as exc:
            messages.error(request, str(exc))
        else:
            _tell(request, done)
        return redirect("admin:item", pk=pk)


def _tell(request: HttpRequest, done: Replayed) -> None:
    say = messages.warning if done.quarantined else messages.success
    say(
        request,
        f"Read again: {done.receipts} receipts, {done.duplicates} repeats, "
        f"{done.quarantined} still unreadable.",
    )


def _get(pk: int) -> QuarantinedItem:
    rows = QuarantinedItem.objects.select_related("channel")
    return get_object_or_404(rows, pk=pk)


def _to_change(request: HttpRequest, pk: int) -> QuarantinedItem:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    return _get(pk)
