"""One cause: a sample of what it hurt, replay of all, ignoring with an end."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from portal.console import acts, mending, problems, raw
from portal.console.mending import Slice
from portal.console.views.page import Page, require
from portal.console.views.problems import CHANGE, DAYS, VIEW, end_of
from receipts.models import AccessRecord
from receipts.processing.ignoring import ignore, ignore_callbacks, reopen
from receipts.querysets.bounded import bounded

_SUMS = ("tried", "gone", "receipts", "duplicates", "quarantined")
SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The latest of a group; ``marked`` shows where reading it failed."""

    reason: str
    marked: raw.Marked
    url: str


class Cause(Page):
    """What is open of one cause on one channel."""

    permission = VIEW
    template_name = "console/cause.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        asked = _group(self.request.GET.dict())
        with bounded():
            found = next(
                (
                    each
                    for each in problems.open_problems().groups
                    if (each.of, each.channel, each.cause) == asked
                ),
                None,
            )
            sample = _sample(*asked)
        return super().get_context_data(
            title=asked[2] or "Unnamed cause",
            problem=found,
            group=dict(zip(("of", "channel", "cause"), asked, strict=True)),
            sample=sample,
            sample_text=sample.marked if sample and self.sees_people else None,
            can_change=self.request.user.has_perm(CHANGE),
            days=DAYS,
            **kwargs,
        )


class ReplayCause(View):
    """Replay a slice of a group, or try it; the answer asks for the next slice."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do one slice and show what all slices gave so far."""
        of, channel, cause = _to_change(request)
        after, is_dry = request.POST.get("after", ""), "dry" in request.POST
        if not after and not is_dry:
            subject = f"all open {of}s of {channel}: {cause}"
            acts.record(request, AccessRecord.Act.REPLAY, subject)
        done = mending.replay_some(of, channel, cause, after=after, is_dry=is_dry)
        context = {
            "group": {"of": of, "channel": channel, "cause": cause},
            "done": _summed(done, request),
            "is_dry": is_dry,
        }
        return TemplateResponse(request, "console/_replayed.html", context)


class IgnoreCause(View):
    """Close all that is open of a group, with a reason and until when."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ignore them and go back to the problems."""
        of, channel, cause = _to_change(request)
        reason = request.POST.get("reason", "").strip()[:500]
        if len(reason) < SHORTEST_REASON:
            messages.error(request, "Say why, in a few words.")
            return redirect("admin:problems")
        until = end_of(request.POST.get("days", ""))
        if of == problems.CALLBACK:
            failed = problems.callbacks_of(channel, cause)
            count = ignore_callbacks(failed, reason, until)
        else:
            count = ignore(problems.items_of(channel, cause), reason, until)
        named = f"{count} {of}{'s' * (count != 1)}"
        subject = f"{named} of {channel}: {cause}"
        acts.record(request, AccessRecord.Act.IGNORE, subject, reason=reason)
        messages.success(request, f"Ignored: {named}. New ones will show.")
        return redirect("admin:problems")


class ReopenCause(View):
    """Open again what is ignored of a group for a while."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it and go back to the problems."""
        _, channel, cause = _to_change(request)
        count = reopen(problems.ignored_items_of(channel, cause))
        subject = f"opened {count} of {channel} again: {cause}"
        acts.record(request, AccessRecord.Act.IGNORE, subject)
        messages.success(request, f"Open again: {count}.")
        return redirect("admin:problems")


def _sample(of: str, channel: str, cause: str) -> Sample | None:
    if of == problems.CALLBACK:
        failed = problems.callbacks_of(channel, cause).order_by("-received_at").first()
        if failed is None:
            return None
        url = reverse("admin:callback", args=[failed.pk])
        return _shown(url, failed.error or "", bytes(failed.body))
    item = problems.items_of(channel, cause).order_by("-pk").first()
    if item is None:
        return None
    return _shown(reverse("admin:item", args=[item.pk]), item.reason, bytes(item.item))


def _shown(url: str, reason: str, body: bytes) -> Sample:
    return Sample(url=url, reason=reason, marked=raw.marked(body, reason))


def _to_change(request: HttpRequest) -> tuple[str, str, str]:
    require(request, CHANGE)
    return _group(request.POST.dict())


def _group(asked: dict[str, str]) -> tuple[str, str, str]:
    of = asked.get("of", problems.ITEM)
    if of not in (problems.ITEM, problems.CALLBACK):
        raise Http404
    channel, cause = asked.get("channel", ""), asked.get("cause", "")
    return of, channel.replace("\0", ""), cause.replace("\0", "")


def _summed(done: Slice, request: HttpRequest) -> Slice:
    for name in _SUMS:
        before = request.POST.get(name, "")
        if before.isdigit():
            setattr(done, name, getattr(done, name) + int(before[:9]))
    return done
