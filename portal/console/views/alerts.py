"""Alerts: what is open, what is over, one of them, and leaving people in peace."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views import View

from portal.console.alert_forms import SnoozeForm
from portal.console.views.page import Page, require
from receipts.alerts.kinds import KINDS
from receipts.alerts.models import Alert, Destination, Snooze, Turn
from receipts.alerts.telling import is_snoozed
from receipts.querysets.bounded import bounded

VIEW, SNOOZE = "alerts.view_alert", "alerts.add_snooze"
_SIZE = 50
_LATE = timedelta(minutes=3)  # then nobody judges


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert of a list."""

    alert: Alert
    label: str
    is_snoozed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeRow:
    """One snooze that is in force."""

    snooze: Snooze
    label: str


class Alerts(Page):
    """What is open now, then what is over, newest first."""

    permission = VIEW
    title = "Alerts"
    template_name = "console/alerts/list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now = timezone.now()
        with bounded():
            snoozes = _in_force(now)
            live = Alert.objects.exclude(state=Alert.State.CLOSED)
            rows = list(live.select_related("channel").order_by("-first_seen_at"))
            over = _over(self.request.GET.get("before", ""))
            turn = Turn.objects.first()
            has_destinations = Destination.objects.filter(is_active=True).exists()
        return super().get_context_data(
            open=[_shown(row, snoozes) for row in rows if row.opened_at],
            pending=[_shown(row, snoozes) for row in rows if not row.opened_at],
            over=[_shown(row, ()) for row in over[:_SIZE]],
            older=_older(over),
            snoozes=[SnoozeRow(snooze=each, label=_named(each)) for each in snoozes],
            turn=turn,
            is_late=turn is not None and now - turn.judged_at > _LATE,
            has_destinations=has_destinations,
            form=SnoozeForm(),
            may_snooze=self.request.user.has_perm(SNOOZE),
            **kwargs,
        )


class AlertPage(Page):
    """One alert: what was found, since when, and who was told."""

    permission = VIEW
    template_name = "console/alerts/alert.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            rows = Alert.objects.select_related("channel")
            alert = get_object_or_404(rows, pk=self.pk)
            told = list(alert.deliveries.select_related("destination"))
            snoozes = _in_force(timezone.now())
        same = {"kind": alert.kind, "subject": alert.subject}
        return super().get_context_data(
            title=alert.summary,
            alert=alert,
            label=_label(alert.kind),
            is_snoozed=is_snoozed(alert, snoozes),
            kind=KINDS.get(alert.kind),
            deliveries=sorted(told, key=lambda each: each.created_at),
            form=SnoozeForm(initial=same),
            may_snooze=self.request.user.has_perm(SNOOZE),
            **kwargs,
        )


class SnoozeAlerts(View):
    """Tell nobody about something for a while."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the snooze and go back to the alerts."""
        require(request, SNOOZE)
        form = SnoozeForm(request.POST)
        if form.is_valid():
            made = form.keep(request.user.pk)
            until = f"{made.until:%Y-%m-%d %H:%M} UTC"
            messages.success(request, f"Nobody is told about {made} until {until}.")
        else:
            messages.error(request, "Not snoozed: say for how long, and why.")
        return redirect("admin:alerts")


class EndSnooze(View):
    """Tell people again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it now; what is open and was not told is told with the next turn."""
        require(request, SNOOZE)
        snooze = get_object_or_404(Snooze, pk=pk)
        snooze.until = timezone.now()
        snooze.save(update_fields=["until"])
        messages.success(request, f"People are told about {snooze} again.")
        return redirect("admin:alerts")


def _shown(alert: Alert, snoozes: Iterable[Snooze]) -> AlertRow:
    return AlertRow(
        alert=alert, label=_label(alert.kind), is_snoozed=is_snoozed(alert, snoozes)
    )


def _label(slug: str) -> str:
    kind = KINDS.get(slug)
    return kind.label if kind else slug


def _named(snooze: Snooze) -> str:
    return str(snooze).replace(snooze.kind, _label(snooze.kind))


def _in_force(now: datetime) -> list[Snooze]:
    rows = Snooze.objects.filter(until__gt=now).select_related("channel", "user")
    return list(rows.order_by("until"))


def _over(before: str) -> list[Alert]:
    rows = Alert.objects.filter(state=Alert.State.CLOSED).select_related("channel")
    at, _, pk = before.partition(",")
    try:
        moment = parse_datetime(at)
    except ValueError:
        moment = None
    if moment and moment.tzinfo and pk.isdecimal():
        rows = rows.filter(closed_at__lte=moment).exclude(
            closed_at=moment, pk__gte=int(pk[:18])
        )
    return list(rows.order_by("-closed_at", "-id")[: _SIZE + 1])


def _older(found: list[Alert]) -> str:
    if len(found) <= _SIZE:
        return ""
    last = found[_SIZE - 1]
    at = last.closed_at.isoformat().replace("+00:00", "Z") if last.closed_at else ""
    return f"?before={at},{last.pk}"
