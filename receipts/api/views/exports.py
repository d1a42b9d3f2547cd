"""Exports: asked for, polled, downloaded."""

import uuid
from collections.abc import Iterator

import msgspec
from django.conf import settings
from django.db import transaction
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from receipts import shapes
from receipts.api import asking, examples
from receipts.api.base import ApiView
from receipts.api.checks import check_filters
from receipts.api.described import Answer
from receipts.api.people import record
from receipts.api.problems import ApiProblem
from receipts.exports import making, waking
from receipts.exports.resources import RESOURCES
from receipts.models import AccessRecord, Export
from receipts.models.api_token import Scope
from receipts.search import BadParameters, Mistake

MOST_WAITING = 5  # of one token
POLL_AGAIN_S = "2"
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class ExportsView(ApiView):
    """What all views of exports share."""

    scopes = (Scope.RECEIPTS_READ, Scope.EXPORT_WRITE)

    def find(self, pk: str) -> Export:
        """Return an export of the caller's. Raises a 404, or a 410 once it is over."""
        try:
            number = uuid.UUID(pk)
        except ValueError:
            raise Http404 from None
        own = Export.objects.filter(token=self.caller.token).select_related("token")
        export = own.filter(pk=number).first()
        if export is None:
            raise Http404
        if export.expires_at <= timezone.now():
            raise ApiProblem("export-expired", "It was kept for 24 hours.")
        return export


class ExportList(ExportsView):
    """Asking for an export."""

    answer = Answer(
        shape=shapes.Export,
        status=202,
        headers=("Location",),
        examples={"Just asked for": examples.EXPORT},
    )
    body = shapes.ExportWish
    problems = ("invalid-body", "body-too-large", "unsupported-media-type")

    http_method_names = ("post",)

    def post(self, request: Request) -> Response:
        """Take the wish: 202, and where to ask how far it is."""
        asking.only(asking.once_each(request), ())
        wish = _read(request.data)
        filters = {name: _word(value) for name, value in wish.filters.items()}
        check_filters(request, self.caller, filters)
        with transaction.atomic():
            export = self._keep(wish, filters)
            making.search_of(export)  # raises for filters that make no search
            record(request, self.caller, AccessRecord.Act.EXPORT, wish.resource)
            transaction.on_commit(waking.wake)
        location = f"{settings.PUBLIC_BASE_URL}/api/v1/exports/{export.pk}/"
        return Response(show(export), 202, headers={"Location": location})

    def _keep(self, wish: shapes.ExportWish, filters: dict[str, str]) -> Export:
        own = Export.objects.filter(token=self.caller.token)
        waiting = own.filter(state__in=(Export.State.PENDING, Export.State.RUNNING))
        if waiting.count() >= MOST_WAITING:
            detail = f"{MOST_WAITING} exports of this token are still being made."
            raise ApiProblem("too-many-requests", detail)
        return making.ask_for(
            self.caller.token,
            wish.resource,
            form=wish.format,
            filters=filters,
            is_masked=not self.caller.is_clear,
        )


class ExportDetail(ExportsView):
    """How far an export is."""

    answer = examples.one(examples.EXPORT)
    problems = ("export-expired",)

    def get(self, request: Request, pk: str) -> Response:
        """Return its state; ask again until it is done or failed."""
        asking.only(asking.once_each(request), ())
        export = self.find(pk)
        is_open = export.finished_at is None
        headers = {"Retry-After": POLL_AGAIN_S} if is_open else {}
        return Response(show(export), headers=headers)


class ExportDownload(ExportsView):
    """The file of an export."""

    answer = Answer(
        media_types=tuple(MEDIA_TYPES.values()), headers=("Content-Disposition",)
    )
    problems = ("export-expired", "not-ready")

    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Return the content, streamed from the database."""
        asking.only(asking.once_each(request), ())
        export = self.find(pk)
        if export.state != Export.State.DONE:
            raise ApiProblem("not-ready", f"The export is {export.state}.")
        if not export.is_masked:
            self.caller.demand(Scope.PII_READ)  # it may have been taken away since
        record(request, self.caller, AccessRecord.Act.EXPORT_DOWNLOAD, str(export.pk))
        name = f"{export.resource}-{export.created_at:%Y%m%d-%H%M%S}.{export.format}"
        return StreamingHttpResponse(
            _chunks(export),
            content_type=MEDIA_TYPES[export.format],
            headers={
                "Content-Length": str(export.bytes),
                "Content-Disposition": f'attachment; filename="{name}"',
            },
        )


def show(export: Export) -> shapes.Export:
    """Return the public shape of an export."""
    download = f"{settings.PUBLIC_BASE_URL}/api/v1/exports/{export.pk}/download"
    return shapes.Export(
        id=str(export.pk),
        resource=export.resource,
        format=export.format,
        filters=export.filters,
        window=making.search_of(export).window,
        state=export.state,
        masked=export.is_masked,
        rows=export.rows,
        bytes=export.bytes,
        error=export.error,
        created_at=export.created_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
        download=download if export.state == Export.State.DONE else None,
    )


def _chunks(export: Export) -> Iterator[bytes]:
    """Yield the content piece by piece; only one is held in memory."""
    position = 0
    while position < export.bytes:
        content = export.chunks.values_list("content", flat=True).get(position=position)
        yield bytes(content)
        position += len(content)


def _read(body: object) -> shapes.ExportWish:
    """Read a wish. Raises ``BadParameters``."""
    try:
        wish = msgspec.convert(body, shapes.ExportWish)
    except msgspec.ValidationError as exc:
        raise ApiProblem("invalid-body", f"{exc}.") from None
    mistakes = [
        Mistake(name, f"Give one of: {', '.join(known)}.", list(known))
        for name, value, known in (
            ("resource", wish.resource, RESOURCES),
            ("format", wish.format, MEDIA_TYPES),
        )
        if value not in known
    ]
    if mistakes:
        raise BadParameters(mistakes)
    return wish


def _word(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
