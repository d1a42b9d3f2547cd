"""Queues that are pulled, in the admin: how each is doing, a retry, a test of the way."""

from collections.abc import Mapping

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from channels_cfg.models import ProviderQueue
from channels_cfg.pulling import Finding
from receipts.models import QueueState
from receipts.queues import health
from receipts.queues.checking import check
from receipts.queues.noting import ask_for_retry
from receipts.queues.wanted import name_of

# Who may configure a queue may also try it.
MAY_ACT = "channels_cfg.change_channel"


@admin.register(QueueState)
class QueueStateAdmin(admin.ModelAdmin[QueueState]):
    """What is configured, also before it was ever pulled; nothing is edited here."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "receipts_queuestate"
        return [
            path("", view(self.overview), name=f"{name}_changelist"),
            path("<int:pk>/", view(self.page), name=f"{name}_queue"),
            path("<int:pk>/test/", view(require_POST(self.test)), name=f"{name}_test"),
            path(
                "<int:pk>/retry/", view(require_POST(self.retry)), name=f"{name}_retry"
            ),
        ]

    def overview(self, request: HttpRequest) -> HttpResponse:
        """Show every queue that is switched on."""
        self._guard(request)
        context = {"title": "Queues", "queues": health.queues()}
        return self._render(request, "list.html", context)

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show one queue, as one channel configures it."""
        self._guard(request)
        return self._show(request, _row(pk))

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try the way to the queue and show how each step went."""
        self._guard(request, MAY_ACT)
        row = _row(pk)
        return self._show(request, row, findings=[*check(row)])

    def retry(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a stopped queue be tried again, and go back to it."""
        self._guard(request, MAY_ACT)
        row = _row(pk)
        if ask_for_retry(name_of(row)):
            text = "It is tried again within some seconds."
            self.message_user(request, text)
        else:
            self.message_user(request, "It was not stopped.", messages.WARNING)
        url = reverse("admin:receipts_queuestate_queue", args=[pk])
        return HttpResponseRedirect(url)

    def _guard(self, request: HttpRequest, *more: str) -> None:
        may_act = request.user.has_perms(more)
        if not self.has_view_permission(request) or not may_act:
            raise PermissionDenied

    def _show(
        self,
        request: HttpRequest,
        row: ProviderQueue,
        findings: list[Finding] | None = None,
    ) -> HttpResponse:
        name = name_of(row)
        context = {
            "title": row.queue_name,
            "row": row,
            "queue": next((q for q in health.queues() if q.name == name), None),
            "places": health.places_of(row),
            "findings": findings,
            "may_act": request.user.has_perm(MAY_ACT),
        }
        return self._render(request, "page.html", context)

    def _render(
        self, request: HttpRequest, template: str, context: Mapping[str, object]
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(
            request, f"admin/receipts/queuestate/{template}", {**frame, **context}
        )


def _row(pk: int) -> ProviderQueue:
    rows: QuerySet[ProviderQueue] = ProviderQueue.objects.filter(
        channel__queue_account__isnull=False
    ).select_related("channel__queue_account")
    return get_object_or_404(rows, pk=pk)
