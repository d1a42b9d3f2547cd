"""The one search: any id, number or name; leads there when only one thing is meant."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.console import acts, finding, gist, people
from portal.console.finding import Findings
from portal.console.views.page import Page
from receipts import shapes
from receipts.models import Conversation, Message, QuarantinedItem, Receipt, Template
from receipts.presenting.conversations import show_conversations
from receipts.presenting.messages import show_messages
from receipts.presenting.receipts import show_receipts
from receipts.querysets.bounded import bounded

_PAGES = {
    "conversations": "conversation",
    "messages": "message",
    "receipts": "receipt",
    "callbacks": "callback",
    "templates": "template",
    "quarantined": "item",
}
_MODELS = {
    "conversations": "conversation",
    "messages": "message",
    "receipts": "receipt",
    "callbacks": "callback",
    "templates": "template",
    "quarantined": "quarantineditem",
}


class Find(Page):
    """What a pasted text may mean."""

    title = "Find"
    template_name = "console/find.html"

    def get(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Lead to the one thing that was found, or show all."""
        text = request.GET.get("q", "").strip()
        try:
            if text and not self.sees_people:
                acts.guard_search(request, text)
        except acts.TooManySearches:
            kwargs["mistake"], text = acts.TOO_MANY, ""
        with bounded():
            self.found = self._allowed(finding.find(text))
        if only := _only(self.found):
            return redirect(only)
        return super().get(request, *args, find_text=text, **kwargs)

    def _allowed(self, found: Findings) -> Findings:
        """Leave out what this reader may not see at all."""
        for name, model in _MODELS.items():
            if not self.request.user.has_perm(f"receipts.view_{model}"):
                setattr(found, name, [])
        return found

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        found, is_clear = self.found, self.sees_people
        rows = list(Receipt.objects.light().filter(pk__in=found.receipts))
        held = QuarantinedItem.objects.defer("item").select_related("channel")
        templates = Template.objects.select_related("channel")
        return super().get_context_data(
            is_empty=not any(getattr(found, name) for name in _PAGES),
            conversations=self._conversations(found.conversations[: finding.MOST]),
            messages_found=self._messages(found.messages[: finding.MOST]),
            receipts=show_receipts(rows, is_clear=is_clear),
            callbacks=found.callbacks,
            templates=templates.filter(pk__in=found.templates),
            items=held.filter(pk__in=found.quarantined),
            **kwargs,
        )

    def _conversations(
        self, ids: Sequence[int]
    ) -> list[tuple[shapes.Conversation, str]]:
        rows = list(Conversation.objects.filter(pk__in=ids))
        shown = show_conversations(rows, is_clear=self.sees_people)
        return [(each, people.name_of(each.user)) for each in shown]

    def _messages(self, ids: Sequence[int]) -> list[tuple[shapes.Message, str]]:
        rows = list(Message.objects.light().filter(pk__in=ids))
        shown = show_messages(rows, is_clear=self.sees_people)
        return [(each, gist.gist_of(each)) for each in shown]


def _only(found: Findings) -> str | None:
    """Return the page of the one thing that was found.

    A message leads before its conversation: whoever pastes its id means it.
    """
    if len(found.messages) == 1 and len(found.conversations) <= 1:
        others = ("receipts", "callbacks", "templates", "quarantined")
        if not any(getattr(found, name) for name in others):
            return reverse("admin:message", args=found.messages)
    every = [(name, pk) for name in _PAGES for pk in getattr(found, name)]
    if len(every) != 1:
        return None
    name, pk = every[0]
    return reverse(f"admin:{_PAGES[name]}", args=[pk])
