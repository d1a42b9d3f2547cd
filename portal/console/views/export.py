"""A list as a file: streamed page by page, bounded, masked unless allowed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View
from msgspec import Struct

from portal.console import acts, files
from portal.console.files import FILES
from portal.console.saving import MAY_EXPORT
from portal.console.views.page import SEES_PEOPLE, require
from receipts.exports.resources import Resource
from receipts.exports.writing import to_csv, to_jsonl
from receipts.models import AccessRecord
from receipts.querysets.bounded import TooCostly, bounded
from receipts.search import BadParameters, Place, Search, search

MOST_ROWS = 50_000
AT_ONCE = 1_000
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class Export(View):
    """Give out what a list holds, its filters applied, oldest first."""

    def get(self, request: HttpRequest, resource: str) -> HttpResponseBase:
        """Stream it; who asked for what is kept."""
        form = request.GET.get("format", "csv")
        if resource not in FILES or form not in MEDIA_TYPES:
            raise Http404
        if not may_see(request, resource):
            raise PermissionDenied
        try:
            found = _search(request, FILES[resource])
            with bounded():
                first = found.page(None, AT_ONCE)
        except (BadParameters, TooCostly):
            # The list says what is wrong with the same filters.
            url = reverse(f"admin:{'items' if resource == 'quarantine' else resource}")
            return redirect(f"{url}?{request.GET.urlencode()}")
        asked = f"{resource}?{shown(request.GET.urlencode())}"[:500]
        acts.record(request, AccessRecord.Act.EXPORT, asked)
        pages = _pages(found, first.rows, has_more=first.has_more)
        is_clear = request.user.has_perm(SEES_PEOPLE)
        return StreamingHttpResponse(
            _written(pages, FILES[resource], form, is_clear=is_clear),
            content_type=MEDIA_TYPES[form],
            headers={"Content-Disposition": named(resource, timezone.now(), form)},
        )


class PlainExport(View):
    """Give out a list that has no filters of the API."""

    def get(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Stream it; who asked for it is kept."""
        form = request.GET.get("format", "csv")
        if name not in _PLAIN or form not in MEDIA_TYPES:
            raise Http404
        permission, shape, lines = _PLAIN[name]
        require(request, MAY_EXPORT, permission)
        acts.record(request, AccessRecord.Act.EXPORT, name)
        return StreamingHttpResponse(
            _lines(lines(), shape, form),
            content_type=MEDIA_TYPES[form],
            headers={"Content-Disposition": named(name, timezone.now(), form)},
        )


_PLAIN: Mapping[str, tuple[str, type[Struct], Callable[[], Iterator[Struct]]]] = {
    "audit": ("receipts.view_accessrecord", files.AuditLine, files.audit_lines),
    "codes": ("channels_cfg.view_errorcode", files.CodeLine, files.code_lines),
}


def _lines(found: Iterator[Struct], shape: type[Struct], form: str) -> Iterator[bytes]:
    is_first = True
    while (some := list(islice(found, AT_ONCE))) or is_first:
        if form == "jsonl":
            yield to_jsonl(some)
        else:
            yield to_csv(some, shape, with_header=is_first)
        is_first = False


def may_see(request: HttpRequest, resource: str) -> bool:
    """Tell whether the user may have a file of what a list holds."""
    model = FILES[resource].rows().model._meta.model_name
    return request.user.has_perms((MAY_EXPORT, f"receipts.view_{model}"))


def named(resource: str, at: datetime, form: str) -> str:
    """Return the header that names a file."""
    return f'attachment; filename="{resource}-{at:%Y%m%d-%H%M%S}.{form}"'


def _search(request: HttpRequest, resource: Resource) -> Search[Any]:
    known = set(resource.filters.base_filters)
    if not request.user.has_perm(SEES_PEOPLE):
        known -= {"user", "text"}  # nobody is found by trying
    asked = {
        name: str(value).strip()
        for name, value in request.GET.items()
        if name in known and str(value).strip()
    }
    found = search(resource.filters, resource.rows(), asked, now=timezone.now())
    return replace(found, keys=resource.keys, is_descending=False, apart=())


def shown(query: str) -> str:
    """Return the filters of an export for the record; nobody is named in it."""
    asked = QueryDict(query, mutable=True)
    for name in ("user", "q", "text"):
        if name in asked:
            asked[name] = "…"
    return asked.urlencode(safe="…")


def _pages(
    found: Search[Any], rows: Sequence[Any], *, has_more: bool
) -> Iterator[Sequence[Any]]:
    yield rows
    given = len(rows)
    while has_more and given < MOST_ROWS:
        keys = tuple(getattr(rows[-1], key) for key in found.keys)
        with bounded(10.0):
            page = found.page(Place(keys=keys), AT_ONCE)
        rows, has_more = page.rows, page.has_more
        given += len(rows)
        yield rows


def _written(
    pages: Iterator[Sequence[Any]], resource: Resource, form: str, *, is_clear: bool
) -> Iterator[bytes]:
    for number, rows in enumerate(pages):
        shown = resource.show(rows, is_clear=is_clear)
        if form == "jsonl":
            yield to_jsonl(shown)
        else:
            yield to_csv(shown, resource.shape, with_header=number == 0)
