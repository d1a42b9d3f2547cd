"""Callbacks, and their bytes as they came."""

import uuid
from collections.abc import Sequence

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from receipts import shapes
from receipts.api import asking, examples
from receipts.api.described import Answer
from receipts.api.lists import DetailView, ListView, Resource
from receipts.api.people import record
from receipts.api.problems import ApiProblem
from receipts.models import AccessRecord, Callback
from receipts.models.api_token import Scope
from receipts.presenting.deliveries import show_callbacks
from receipts.querysets.bounded import bounded
from receipts.querysets.callback import CallbackQuerySet
from receipts.search import CallbackFilters


class Callbacks(Resource[Callback]):
    """One delivery to us each."""

    filters = CallbackFilters

    def rows(self, include: frozenset[str]) -> CallbackQuerySet:
        """Return callbacks without their bodies."""
        return Callback.objects.light()

    def show(
        self, rows: Sequence[Callback], include: frozenset[str]
    ) -> Sequence[shapes.Callback]:
        """Return the public shapes."""
        return show_callbacks(rows, is_clear=self.caller.is_clear)

    def find(self, pk: str, include: frozenset[str] = frozenset()) -> Callback:
        """Return the callback of an id. Raises ``Http404``."""
        try:
            number = uuid.UUID(pk)
        except ValueError:
            raise Http404 from None
        found = Callback.objects.light().numbered(number).first()
        if found is None or not self.caller.may_see(found.channel_id):
            raise Http404
        return found


class CallbackList(Callbacks, ListView[Callback]):
    """Search callbacks."""

    answer = examples.page(examples.CALLBACK)


class CallbackDetail(Callbacks, DetailView[Callback]):
    """One callback."""

    answer = examples.one(examples.CALLBACK)


class CallbackRaw(Callbacks):
    """The body of a callback, byte by byte."""

    answer = Answer(
        media_types=("application/octet-stream",), headers=("Content-Disposition",)
    )
    problems = ("not-allowed",)

    scopes = (Scope.RECEIPTS_READ, Scope.RAW_READ, Scope.PII_READ)

    def get(self, request: Request, pk: str) -> HttpResponse:
        """Return the bytes as a file, which no browser shows as a page."""
        asking.only(asking.once_each(request), ())
        with bounded():
            found = self.find(pk)
            if not all(map(self.caller.may_see, found.other_channels or ())):
                raise ApiProblem(
                    "not-allowed", "It holds items of channels the token is not for."
                )
            body = bytes(found.body)
        record(request, self.caller, AccessRecord.Act.RAW_VIEW, str(found.pk))
        return HttpResponse(
            body,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="callback-{found.pk}"'
            },
        )
