"""Revealing the people of one page, with a reason."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views import View

from portal.console import revealing
from portal.console.views.page import require

# What may be revealed: the page of each, and who may open that at all.
_PAGES = {
    "conversation": "receipts.view_conversation",
    "message": "receipts.view_message",
    "receipt": "receipts.view_receipt",
    "callback": "receipts.view_callback",
    "item": "receipts.view_quarantineditem",
}
SHORTEST_REASON = 5


class Reveal(View):
    """Show one page in clear for a while; who, what and why is kept."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Reveal what the form names and go back to it."""
        subject, reason = (
            request.POST.get("subject", ""),
            request.POST.get("reason", ""),
        )
        page, _, pk = subject.partition(" ")
        url = _url(page, pk)
        require(request, revealing.MAY_REVEAL, _PAGES[page])
        if len(reason.strip()) < SHORTEST_REASON:
            messages.error(request, "Say why, in a few words.")
        else:
            revealing.reveal(request, subject, reason.strip()[:500])
        return redirect(url)


def _url(page: str, pk: str) -> str:
    if page not in _PAGES:
        raise Http404
    try:
        return reverse(f"admin:{page}", args=[pk])
    except NoReverseMatch:
        raise Http404 from None
