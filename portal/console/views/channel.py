"""What arrives on one channel: the light, its paths, refusals, a test receipt."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View

from channels_cfg.models import CallbackPath, Channel
from portal.console import acts, trial
from portal.console.tiles import TYPES
from portal.console.views.page import Page, require
from portal.simulator.target import NotPossible
from receipts.models import AccessRecord, Callback, PathUse, Refusal
from receipts.querysets.bounded import bounded
from receipts.queues.roads import only_one_road

VIEW = "channels_cfg.view_channel"
CHANGE = "channels_cfg.change_channel"
_LATEST = 10
_ROADS_OF = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathShown:
    """One callback path; where it leads is for those who set it up."""

    label: str
    is_enabled: bool
    last_used_at: datetime | None
    older_secret_used_at: datetime | None


class ChannelPage(Page):
    """Is anything arriving, and if not, who is turned away and why?"""

    permission = VIEW
    template_name = "console/channel.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        # Imported here: it registers models with the site that these pages are part of.
        from channels_cfg.admin.shown import other_base

        with bounded():
            channel = get_object_or_404(Channel, pk=self.pk)
            paths = list(channel.callback_paths.select_related("use"))
            latest = Callback.objects.filter(channel=channel).light()
            refused = Refusal.objects.filter(path__in=[row.path for row in paths])
            return super().get_context_data(
                title=channel.name,
                channel=channel,
                light=_light(channel),
                paths=[_shown(row) for row in paths],
                callbacks=list(latest.order_by("-received_at", "-id")[:_LATEST]),
                refusals=list(refused.order_by("-last_at")[:_LATEST]),
                roads=only_one_road(channel, timezone.now() - _ROADS_OF),
                other_base=other_base(self.request),
                can_change=self.request.user.has_perm(CHANGE),
                **kwargs,
            )


class Light(Page):
    """The light alone: a page that waits asks for it again and again."""

    permission = VIEW
    template_name = "console/_light.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        channel = get_object_or_404(Channel, pk=self.pk)
        return super().get_context_data(
            channel=channel, light=_light(channel), **kwargs
        )


class SendTest(View):
    """Push one made-up receipt through the real door."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what the door answered."""
        require(request, CHANGE)
        channel = get_object_or_404(Channel, pk=pk)
        acts.record(request, AccessRecord.Act.TEST_RECEIPT, f"channel {channel.key}")
        try:
            _tell(request, trial.send(channel.key))
        except NotPossible as exc:
            messages.error(request, f"No test receipt was sent. {exc}")
        return redirect("admin:channel", pk=pk)


def _tell(request: HttpRequest, answer: trial.Answer) -> None:
    if answer.is_ack:
        took = f"in {answer.took_ms:.0f} ms"
        messages.success(request, f"The door acknowledged the test receipt {took}.")
    elif answer.trouble:
        messages.error(
            request,
            f"The door did not answer at PUBLIC_BASE_URL ({answer.trouble}). "
            "Providers may reach it all the same, if this machine cannot.",
        )
    else:
        messages.error(request, f"The door refused the test receipt: {answer.status}.")


def _light(channel: Channel) -> datetime | None:
    """Return when something last arrived, by whichever road; None: never."""
    pushed = PathUse.objects.filter(callback_path__channel=channel)
    at = pushed.aggregate(at=Max("last_used_at"))["at"]
    if isinstance(at, datetime):
        return at
    rows = Callback.objects.filter(channel=channel).order_by("-received_at", "-id")
    return rows.values_list("received_at", flat=True).first()


def _shown(row: CallbackPath) -> PathShown:
    use = getattr(row, "use", None)
    return PathShown(
        label=TYPES.get(row.receipt_type, row.receipt_type),
        is_enabled=row.is_enabled,
        last_used_at=use.last_used_at if use else None,
        older_secret_used_at=use.older_secret_used_at if use else None,
    )
