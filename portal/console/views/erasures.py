"""Erasing a person: asking, confirming, and the certificate."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from portal.console import acts
from portal.console.views.page import Page, require
from receipts.erasure import asking
from receipts.erasure.certificate import certificate
from receipts.erasure.person import NotErasable
from receipts.models import AccessRecord, Erasure

VIEW = "receipts.view_erasure"
ASK = "receipts.add_erasure"
LATELY = 100


class Erasures(Page):
    """Every erasure, newest first, and the form to ask for one."""

    permission = VIEW
    title = "Erasures"
    template_name = "console/erasures.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            erasures=Erasure.objects.order_by("-pk")[:LATELY],
            can_ask=self.request.user.has_perm(ASK),
            needs_two=settings.ERASURE_NEEDS_TWO,
            **kwargs,
        )


class ErasurePage(Page):
    """One erasure: its certificate, and what may be done with it."""

    permission = VIEW
    template_name = "console/erasure.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        erasure = get_object_or_404(Erasure, pk=self.pk)
        waits = erasure.state == Erasure.State.ASKED
        return super().get_context_data(
            title=f"Erasure {erasure.pk}",
            erasure=erasure,
            told=certificate(erasure),
            can_act=waits and self.request.user.has_perm(ASK),
            is_own=erasure.asked_by == self.request.user.get_username(),
            **kwargs,
        )


class Certificate(View):
    """The certificate as JSON."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give it out."""
        require(request, VIEW)
        told = certificate(get_object_or_404(Erasure, pk=pk))
        name = f'attachment; filename="erasure-{pk}.json"'
        return JsonResponse(told, headers={"Content-Disposition": name})


class AskErasure(View):
    """Ask for an erasure; it begins at once, or waits for a second person."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the wish and lead to its page."""
        require(request, ASK)
        try:
            erasure = asking.ask(
                request.POST.get("who", ""),
                by=request.user.get_username(),
                reason=request.POST.get("reason", "").strip()[:500],
                user_id=request.user.pk,
            )
        except NotErasable as exc:
            messages.error(request, f"Not erased: {exc}.")
            return redirect("admin:erasures")
        _record(request, erasure, "asked")
        return redirect("admin:erasure", pk=erasure.pk)


class ActOnErasure(View):
    """Confirm an erasure, or take it back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the button says."""
        require(request, ASK)
        erasure = get_object_or_404(Erasure, pk=pk)
        if "cancel" in request.POST:
            asking.cancel(erasure)
            _record(request, erasure, "cancelled")
            return redirect("admin:erasure", pk=pk)
        try:
            asking.confirm(erasure, by=request.user.get_username())
        except (asking.NeedsAnother, NotErasable) as exc:
            messages.error(request, f"Not confirmed: {exc}.")
        else:
            _record(request, erasure, "confirmed")
        return redirect("admin:erasure", pk=pk)


def _record(request: HttpRequest, erasure: Erasure, what: str) -> None:
    acts.record(request, AccessRecord.Act.ERASE, f"erasure {erasure.pk}", reason=what)
