"""Callbacks: the deliveries as they came, and what was read of them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from portal.console import acts, raw
from portal.console.facets import CHANNEL, ROAD, Facet
from portal.console.views.listing import ListPage
from portal.console.views.page import SEES_PEOPLE, Page, require
from receipts.models import AccessRecord, Callback, QuarantinedItem, Receipt, Sighting
from receipts.presenting.receipts import show_receipts
from receipts.querysets.bounded import bounded
from receipts.querysets.callback import CallbackQuerySet
from receipts.search import CallbackFilters

VIEW = "receipts.view_callback"
MOST = 100  # receipts of one callback that its page lists


class Callbacks(ListPage[Callback]):
    """Deliveries, newest first."""

    permission = VIEW
    title = "Callbacks"
    template_name = "console/callbacks.html"
    filters = CallbackFilters
    main = ("channel", "state", "mode")
    api = "callbacks"
    default_range = "24h"
    facets = (
        CHANNEL,
        Facet(parameter="state", label="State", column="state"),
        ROAD,
    )
    columns = {
        "state": "State",
        "channel": "Channel",
        "carries": "Carries",
        "road": "Road",
        "items": "Items",
        "new": "New",
        "repeats": "Repeats",
        "unread": "Not read",
        "size": "Size",
        "ack": "Ack",
        "address": "From",
    }
    usual_columns = "state channel carries road items repeats unread ack"
    extra_context = {"numbers": ["items", "new", "repeats", "unread", "size", "ack"]}

    def rows(self) -> CallbackQuerySet:
        return Callback.objects.light().select_related("channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body for the eye; ``text`` is None for those who may not see it."""

    text: str | None
    is_json: bool
    size: int


class CallbackPage(Page):
    """One delivery: its bytes, headers, state and what came of each item."""

    permission = VIEW
    reveals = "callback"
    template_name = "console/callback.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            callback = _get(self.kwargs["pk"])
            told = Receipt.objects.filter(
                callback_id=callback.pk, received_at=callback.received_at
            ).light()
            rows = list(told.order_by("position")[:MOST])
            again = Sighting.objects.filter(callback_id=callback.pk)
            held = QuarantinedItem.objects.filter(callback_id=callback.pk)
            return super().get_context_data(
                title="Callback",
                callback=callback,
                body=_body(callback, self.sees_people),
                receipts=show_receipts(rows, is_clear=self.sees_people),
                positions=[row.position for row in rows],
                sightings=list(again.order_by("position")[:MOST]),
                quarantined=list(held.defer("item").order_by("position")[:MOST]),
                **kwargs,
            )


class CallbackBody(View):
    """The bytes of one callback, as they came, as a download."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Answer with the bytes to those who may see people."""
        require(request, VIEW, SEES_PEOPLE)
        acts.record(request, AccessRecord.Act.RAW_VIEW, f"callback {pk}")
        name = f'attachment; filename="callback-{pk}.bin"'
        return HttpResponse(
            bytes(_get(pk).body),
            content_type="application/octet-stream",
            headers={"Content-Disposition": name},
        )


def _get(pk: UUID) -> Callback:
    rows = Callback.objects.numbered(pk).select_related("channel")
    return get_object_or_404(rows)


def _body(callback: Callback, is_clear: bool) -> Body:
    body = bytes(callback.body)
    return Body(
        text=raw.pretty(body) if is_clear else None,
        is_json=raw.is_json(body),
        size=len(body),
    )
