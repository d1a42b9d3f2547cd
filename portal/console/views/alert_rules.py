"""How each kind of alert is judged, and of which channels differently."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from channels_cfg.models import Channel
from portal.console.alert_forms import RuleForm
from portal.console.views.alerts import VIEW
from portal.console.views.page import Page, require
from receipts.alerts.findings import AlertKind
from receipts.alerts.kinds import KINDS
from receipts.alerts.models import AlertRule
from receipts.alerts.rules import Rules

CHANGE = "alerts.change_alertrule"


class AlertRules(Page):
    """Every kind with its limits."""

    permission = VIEW
    title = "Alert rules"
    template_name = "console/alerts/rules.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        rules = Rules()
        own = AlertRule.objects.exclude(channel=None).select_related("channel")
        rows = [
            {
                "kind": kind,
                "is_on": rules.is_on(kind.slug),
                "limits": _limits(kind, rules),
                "own": [row for row in own if row.kind == kind.slug],
            }
            for kind in KINDS.values()
        ]
        return super().get_context_data(rules=rows, **kwargs)


class AlertRulePage(Page):
    """One kind, of all channels or of one."""

    permission = VIEW
    template_name = "console/alerts/rule.html"

    @cached_property
    def kind(self) -> AlertKind:
        """The kind that the URL names."""
        kind = KINDS.get(str(self.kwargs["kind"]))
        if kind is None:
            raise Http404
        return kind

    @cached_property
    def channel(self) -> Channel | None:
        """The channel that the query names; None for all."""
        key = self.request.GET.get("channel", "").replace("\0", "")
        if not key:
            return None
        if not self.kind.is_of_channels:
            raise Http404
        return get_object_or_404(Channel, key=key)

    def post(self, request: HttpRequest, **_: object) -> HttpResponseBase:
        """Keep the limits, or drop a channel's own."""
        require(request, CHANGE)
        kind, channel = self.kind, self.channel
        if "drop" in request.POST:
            AlertRule.objects.filter(kind=kind.slug, channel=channel).delete()
            messages.success(request, f"{kind.label}: the limits above it hold again.")
            return redirect("admin:alert_rules")
        form = RuleForm(kind, channel, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        form.keep()
        messages.success(request, f"{kind.label}: kept.")
        return redirect("admin:alert_rules")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kind, channel = self.kind, self.channel
        kwargs.setdefault("form", RuleForm(kind, channel))
        own = AlertRule.objects.filter(kind=kind.slug, channel=channel)
        kwargs["kind"] = kind  # in the place of the URL's word
        return super().get_context_data(
            title=kind.label,
            channel=channel,
            has_own=own.exists(),
            channels=Channel.objects.all() if kind.is_of_channels else (),
            may_change=self.request.user.has_perm(CHANGE),
            **kwargs,
        )


def _limits(kind: AlertKind, rules: Rules) -> list[dict[str, object]]:
    values = rules.limits(kind)
    return [
        {
            "limit": limit,
            "value": f"{values[limit.name]:g}",
            "differs": values[limit.name] != limit.default,
        }
        for limit in kind.all_limits
    ]
