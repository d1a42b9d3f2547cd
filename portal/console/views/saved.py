"""Saved views: one's own filters of a list, under a name."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views import View

from portal.console.models import SavedView
from portal.console.paging import PLACES

MOST = 50  # of one person


class SaveView(View):
    """Keep the filters of a list; the same name again takes the new ones."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep them and go back to the list."""
        page, name = request.POST.get("page", ""), request.POST.get("name", "").strip()
        query = _without_place(request.POST.get("query", ""))
        try:
            url = reverse(f"admin:{page}")
        except NoReverseMatch:
            return redirect("admin:index")
        mine = SavedView.objects.filter(user_id=request.user.pk or 0)
        if not name or mine.count() >= MOST:
            messages.error(request, f"Give a name; {MOST} views can be kept.")
        else:
            mine.update_or_create(
                user_id=request.user.pk or 0,
                page=page[:32],
                name=name[:80],
                defaults={"query": query},
            )
        return redirect(f"{url}?{query}")


class DropView(View):
    """Forget one's own saved view."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget it and go back to its list."""
        view = get_object_or_404(SavedView, pk=pk, user_id=request.user.pk or 0)
        view.delete()
        return redirect(f"admin:{view.page}")


def _without_place(query: str) -> str:
    pairs = parse_qsl(query[:4000])
    return urlencode([pair for pair in pairs if pair[0] not in PLACES])
