"""Channels in the admin: one page each, saved by the service that the file uses too."""

from collections.abc import Mapping

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from channels_cfg import registry
from channels_cfg.admin import shown
from channels_cfg.forms.page import ChannelPage
from channels_cfg.models import Channel
from channels_cfg.services import channels
from channels_cfg.services.channels import Outcome
from channels_cfg.services.problems import Invalid

_TEMPLATES = "admin/channels_cfg/channel"


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin[Channel]):
    """List, page and switches of channels. None is ever deleted."""

    list_display = (
        "key",
        "name",
        "provider",
        "type",
        "is_active",
        "paths",
        "queues_on",
    )
    list_display_links = ("key", "name")
    list_filter = ("provider", "type", "is_active")
    search_fields = ("key", "name", "business_addresses__shown", "account")
    search_help_text = "Key, name, business address or account id"
    list_per_page = 50
    show_full_result_count = False
    actions = ("switch_on", "switch_off")

    def has_delete_permission(
        self, request: HttpRequest, obj: Channel | None = None
    ) -> bool:
        return False  # receipts point at it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        is_path_on = Q(callback_paths__is_enabled=True)
        is_queue_on = Q(queues__is_enabled=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                path_count=Count("callback_paths", is_path_on, distinct=True),
                queue_count=Count("queues", is_queue_on, distinct=True),
            )
        )

    @admin.display(description="Paths on", ordering="path_count")
    def paths(self, channel: Channel) -> int:
        return int(getattr(channel, "path_count", 0))

    @admin.display(description="Queues on", ordering="queue_count")
    def queues_on(self, channel: Channel) -> int:
        return int(getattr(channel, "queue_count", 0))

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, rows: QuerySet[Channel]) -> None:
        self._switch(request, rows, is_active=True)

    @admin.action(description="Switch off", permissions=["change"])
    def switch_off(self, request: HttpRequest, rows: QuerySet[Channel]) -> None:
        self._switch(request, rows, is_active=False)

    def _switch(
        self, request: HttpRequest, rows: QuerySet[Channel], *, is_active: bool
    ) -> None:
        try:
            outcome = channels.switch([row.key for row in rows], is_active=is_active)
        except Invalid as exc:
            for problem in exc.problems:
                self.message_user(request, problem.message, messages.ERROR)
            return
        self._record(request, outcome, is_new=False)
        self.message_user(request, f"{len(outcome.lines)} changed.")

    @method_decorator(sensitive_post_parameters())
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show or save one channel; a new one begins with its provider."""
        if object_id is None and "provider" not in request.GET:
            return self._chooser(request)
        row = self._row(request, object_id)
        if row.provider not in registry.adapters():
            text = (
                f"There is no provider {row.provider}: {row} can only be switched off."
            )
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(
                reverse("admin:channels_cfg_channel_changelist")
            )
        may_change = self._may_change(request, row)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            return self._save(request, row)
        return self._page(request, ChannelPage(row), may_change=may_change)

    def _chooser(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = {"choices": shown.choices(), "title": "New channel: which provider?"}
        return self._render(request, "choose.html", context)

    def _row(self, request: HttpRequest, object_id: str | None) -> Channel:
        """Return the channel asked for, unsaved for a new one."""
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            provider = request.GET.get("provider", "")
            return Channel(provider=provider, type=request.GET.get("type", ""))
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404("There is no such channel.")
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def _may_change(self, request: HttpRequest, row: Channel) -> bool:
        if row._state.adding:
            return self.has_add_permission(request)
        return self.has_change_permission(request, row)

    def _save(self, request: HttpRequest, row: Channel) -> HttpResponse:
        is_new = row._state.adding
        page = ChannelPage(row, request.POST)
        outcome = page.save()
        if outcome is None:
            return self._page(request, page, may_change=True)
        self._record(request, outcome, is_new=is_new)
        count = len(outcome.lines)
        told = (
            f"Saved: {count} change{'s' * (count != 1)}."
            if count
            else "Nothing to change."
        )
        self.message_user(request, told)
        for warning in outcome.warnings:
            text = shown.without_paths(warning.message, outcome.channels[0])
            self.message_user(request, f"Mind: {text}.", messages.WARNING)
        pk = outcome.channels[0].pk
        return HttpResponseRedirect(
            reverse("admin:channels_cfg_channel_change", args=[pk])
        )

    def _record(self, request: HttpRequest, outcome: Outcome, *, is_new: bool) -> None:
        """Write into the history what changed; who reads it may not know the paths."""
        for channel in outcome.channels:
            lines = [
                line for line in outcome.lines if line.startswith(f"{channel.key}: ")
            ]
            if lines:
                log = self.log_addition if is_new else self.log_change
                log(request, channel, shown.without_paths("; ".join(lines), channel))

    def _page(
        self, request: HttpRequest, page: ChannelPage, *, may_change: bool
    ) -> HttpResponse:
        if not may_change:
            for part in page.parts:
                for field in part.fields.values():
                    field.disabled = True
        context = {
            "title": page.row.name or f"New channel of {page.adapter.label}",
            "page": page,
            "paths": shown.shown_paths(page),
            "may_change": may_change,
            "other_base": shown.other_base(request),
            "original": page.row if page.row.pk else None,
            "has_errors": any(part.errors for part in page.parts),
        }
        return self._render(request, "change_form.html", context)

    def _render(
        self, request: HttpRequest, template: str, context: Mapping[str, object]
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(
            request, f"{_TEMPLATES}/{template}", {**frame, **context}
        )
