"""What the API says of itself: its document, its pages, its kinds of errors."""

from functools import cache

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from receipts.api.base import ApiView
from receipts.api.problems import TYPES, ProblemType

A_WHILE_S = 300


@cache
def document() -> bytes:
    """Return the OpenAPI document as JSON; made once a process."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # theirs
    return msgspec.json.format(msgspec.json.encode(schema), indent=2)


@require_safe
@cache_control(public=True, max_age=A_WHILE_S)
def schema(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document."""
    return HttpResponse(document(), content_type="application/json")


@require_safe
@cache_control(public=True, max_age=A_WHILE_S)
def docs(request: HttpRequest) -> HttpResponse:
    """Return the interactive pages; every asset is ours."""
    return render(request, "receipts/api_docs.html")


class Problems(ApiView):
    """Every kind of error, for people who follow ``type``."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, slug: str | None = None) -> Response:
        """Return one kind, or all."""
        if slug is None:
            return Response([_shown(kind) for kind in TYPES.values()])
        if slug not in TYPES:
            raise Http404
        return Response(_shown(TYPES[slug]))


def _shown(kind: ProblemType) -> dict[str, object]:
    return {name: getattr(kind, name) for name in kind.__slots__}
