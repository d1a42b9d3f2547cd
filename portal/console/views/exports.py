"""Files that are made in the background: asked for, watched, fetched."""

from collections.abc import Iterator
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View

from portal.console import acts
from portal.console.saving import FORMATS, MAY_EXPORT
from portal.console.views.export import MEDIA_TYPES, may_see, named, shown
from portal.console.views.page import SEES_PEOPLE, Page
from receipts.exports import making, waking
from receipts.exports.resources import RESOURCES
from receipts.models import AccessRecord, Export
from receipts.search import BadParameters

MOST_WAITING = 5  # of one person
_UNDONE = (Export.State.PENDING, Export.State.RUNNING)


class Exports(Page):
    """One's own exports of the last 24 hours, and how far each is."""

    permission = MAY_EXPORT
    title = "Exports"
    template_name = "console/exports.html"

    def get_template_names(self) -> list[str]:
        """Return the table alone where it asks how far they are."""
        part = "console/_exports.html"
        return [part if "part" in self.request.GET else self.template_name]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = list(own(self.request).order_by("-created_at")[:50])
        is_waiting = any(row.state in _UNDONE for row in rows)
        return super().get_context_data(
            exports=rows, is_waiting=is_waiting, most=making.MOST_ROWS, **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the wish of a list for a file of all that it holds."""
        resource, form = request.POST.get("resource", ""), request.POST.get("format")
        if resource not in RESOURCES or form not in FORMATS:
            raise Http404
        if not may_see(request, resource):
            raise PermissionDenied
        if own(request).filter(state__in=_UNDONE).count() >= MOST_WAITING:
            messages.error(request, f"{MOST_WAITING} exports are being made: wait.")
        else:
            _ask(request, resource, form)
        return redirect("admin:exports")


class ExportFile(View):
    """The file of one of one's own exports."""

    def get(self, request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
        """Return the content, streamed from the database; that it was is kept."""
        export = get_object_or_404(own(request), pk=pk, state=Export.State.DONE)
        is_clear = request.user.has_perm(SEES_PEOPLE)
        if not may_see(request, export.resource) or not (export.is_masked or is_clear):
            raise PermissionDenied  # what was allowed may have been taken away since
        acts.record(request, AccessRecord.Act.EXPORT_DOWNLOAD, str(export.pk))
        return StreamingHttpResponse(
            _chunks(export),
            content_type=MEDIA_TYPES[export.format],
            headers={
                "Content-Length": str(export.bytes),
                "Content-Disposition": named(
                    export.resource, export.created_at, export.format
                ),
            },
        )


def own(request: HttpRequest) -> QuerySet[Export]:
    """Return the exports of the user of ``request`` that are still kept."""
    mine = Export.objects.filter(user_id=request.user.pk or 0)
    return mine.filter(expires_at__gt=timezone.now())


def _ask(request: HttpRequest, resource: str, form: str) -> None:
    filters = dict(parse_qsl(request.POST.get("filters", "")[:4000]))
    is_clear = request.user.has_perm(SEES_PEOPLE)
    if not is_clear and filters.keys() & {"user", "text"}:
        raise PermissionDenied  # nobody is found by trying
    try:
        with transaction.atomic():
            export = making.ask_for(
                request.user.pk or 0,
                resource,
                form=form,
                filters=filters,
                is_masked=not is_clear,
            )
            making.search_of(export)
            asked = f"{resource}?{shown(request.POST.get('filters', ''))}"
            acts.record(request, AccessRecord.Act.EXPORT, asked[:500])
            transaction.on_commit(waking.wake)
    except BadParameters as exc:
        messages.error(request, " ".join(each.detail for each in exc.mistakes))


def _chunks(export: Export) -> Iterator[bytes]:
    # One piece at a time, each by its own statement: none is held for a slow reader.
    places = list(export.chunks.order_by("position").values_list("position", flat=True))
    for place in places:
        yield bytes(export.chunks.get(position=place).content)
