"""Where alerts go: a list, a form, a test button, a new secret."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views import View

from channels_cfg.secrets import Hidden
from portal.console.alert_forms import DestinationForm
from portal.console.views.page import Page, require
from receipts.alerts import bodies, sending
from receipts.alerts.models import Delivery, Destination

CHANGE = "alerts.change_destination"
_LATEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationRow:
    """One destination of the list, and the newest of what it was told."""

    destination: Destination
    last: Delivery | None


class Destinations(Page):
    """Every destination, and how its last deliveries went."""

    permission = CHANGE
    title = "Alert destinations"
    template_name = "console/alerts/destinations.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rows = [
            DestinationRow(destination=each, last=_latest(each).first())
            for each in Destination.objects.prefetch_related("channels")
        ]
        return super().get_context_data(destinations=rows, **kwargs)


class DestinationPage(Page):
    """One destination, or a new one."""

    permission = CHANGE
    template_name = "console/alerts/destination.html"

    @cached_property
    def row(self) -> Destination:
        """The destination; unsaved for a new one."""
        if "pk" not in self.kwargs:
            return Destination()
        return get_object_or_404(Destination, pk=self.pk)

    def post(self, request: HttpRequest, **_: object) -> HttpResponseBase:
        """Store it; a secret that was made for it is shown this once."""
        form = DestinationForm(request.POST, instance=self.row)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        made = form.keep()
        messages.success(request, f"{self.row.name} is kept. Try it out below.")
        if made:
            return self.render_to_response(_shown_once(self, made))
        return redirect("admin:alert_destination", pk=self.row.pk)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        row = self.row
        mails = {"mails": ", ".join(row.mail_to)}
        kwargs.setdefault("form", DestinationForm(instance=row, initial=mails))
        return super().get_context_data(
            title=row.name or "New destination",
            row=row,
            deliveries=_latest(row)[:_LATEST] if row.pk else (),
            **kwargs,
        )


class TestDestination(View):
    """Send a test there now."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how it went."""
        row = _to_change(request, pk)
        outcome = sending.try_out(row)
        if outcome.is_sent:
            took = f"after {outcome.took_ms:.0f} ms"
            messages.success(request, f"The test is through {took}: {outcome.said}.")
        else:
            messages.error(request, f"The test did not get through: {outcome.said}.")
        return redirect("admin:alert_destination", pk=pk)


class NewSecret(Page):
    """Replace the signing secret; the one before signs beside it until it is dropped."""

    permission = CHANGE
    http_method_names = ["post"]
    template_name = "console/alerts/destination.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Make one and show it this once, or drop the older."""
        row = _to_change(request, pk)
        if row.form != Destination.Form.WEBHOOK:
            raise PermissionDenied
        if "drop" in request.POST:
            row.secrets = Hidden(row.secrets[:1])
            row.save()
            messages.success(request, "Only the newest secret signs now.")
            return redirect("admin:alert_destination", pk=pk)
        made = bodies.new_secret()
        row.secrets = Hidden((made, *row.secrets[:1]))
        row.save()
        return self.render_to_response(_shown_once(self, made))


class DropDestination(View):
    """Forget a destination and what it was told."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget it and go back to the list."""
        row = _to_change(request, pk)
        row.delete()
        messages.success(request, f"{row.name} is told nothing any more.")
        return redirect("admin:alert_destinations")


def _shown_once(page: Page, secret: str) -> dict[str, object]:
    page.template_name = "console/alerts/secret.html"
    row = page.row if isinstance(page, DestinationPage) else _row(page.pk)
    context = Page.get_context_data(page, title="Signing secret", row=row)
    return {**context, "secret": secret}


def _latest(row: Destination) -> QuerySet[Delivery]:
    return row.deliveries.select_related("alert").order_by("-created_at")


def _row(pk: int) -> Destination:
    return get_object_or_404(Destination, pk=pk)


def _to_change(request: HttpRequest, pk: int) -> Destination:
    require(request, CHANGE)
    return _row(pk)
