"""Tokens in the admin: made and shown once, listed, revoked; never changed."""

from collections.abc import Mapping

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from channels_cfg.models import Channel
from receipts import tokens
from receipts.models import ApiToken
from receipts.models.api_token import Scope

_ADD = "admin/receipts/apitoken/add.html"
_MADE = "admin/receipts/apitoken/made.html"


class TokenForm(forms.Form):
    """What a new token is to be."""

    name = forms.CharField(
        max_length=tokens.LONGEST_NAME, help_text="Unique among live tokens."
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in Scope.values],
        widget=forms.CheckboxSelectMultiple(),
    )
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text="None chosen: all channels.",
    )
    expires_at = forms.DateTimeField(
        label="Expires at (UTC)",
        required=False,
        help_text="Such as 2027-01-31 00:00. Empty: never.",
    )

    def make(self) -> tuple[ApiToken, str] | None:
        """Make the token; None if it cannot be: the fields say why."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return tokens.make(
                said["name"],
                said["scopes"],
                channels=said["channels"],
                expires_at=said["expires_at"],
            )
        except tokens.BadToken as exc:
            self.add_error(exc.field, str(exc))
            return None


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Tokens by name. A revoked one stays, as what it did names it."""

    list_display = ("name", "prefix", "state", "scopes", "last_used_at", "expires_at")
    list_filter = ("revoked_at", "channels")
    search_fields = ("name", "prefix")
    search_help_text = "Name, or how the token begins"
    exclude = ("digest",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("revoke",)

    def has_change_permission(
        self, request: HttpRequest, obj: ApiToken | None = None
    ) -> bool:
        return False  # who holds a token must be able to rely on what it may do

    def has_delete_permission(
        self, request: HttpRequest, obj: ApiToken | None = None
    ) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("receipts.change_apitoken")

    @admin.display(description="State")
    def state(self, token: ApiToken) -> str:
        if token.revoked_at is not None:
            return "revoked"
        is_over = token.expires_at is not None and token.expires_at <= timezone.now()
        return "expired" if is_over else "live"

    @admin.action(description="Revoke at once", permissions=["revoke"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        ended = [token for token in rows if tokens.end(token)]
        for token in ended:
            self.log_change(request, token, "Revoked")
        self.message_user(request, f"{len(ended)} revoked.")

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Ask what the token is to be; make it and show it, this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TokenForm(request.POST if request.method == "POST" else None)
        made = form.make() if form.is_bound else None
        if made is None:
            return self._render(request, _ADD, {"form": form, "title": "New API token"})
        token, clear = made
        self.log_addition(request, token, f"Made, with {', '.join(token.scopes)}")
        context = {"token": token, "clear": clear, "title": f"API token {token}"}
        return self._render(request, _MADE, context)

    def _render(
        self, request: HttpRequest, template: str, context: Mapping[str, object]
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, {**frame, **context})
