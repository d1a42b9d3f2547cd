"""What is kept how long, what goes when, and what went."""

from django.utils import timezone

from portal.console.views.page import Page
from receipts.models import Removal
from receipts.querysets.bounded import bounded
from receipts.retention import rules
from receipts.retention.running import preview

LATELY = 50


class Retention(Page):
    """The rules, the preview, and the last removals; nothing is changed here."""

    permission = "receipts.view_accessrecord"
    title = "Retention"
    template_name = "console/retention.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now = timezone.now()
        with bounded(10.0):
            lines = preview(now)
        return super().get_context_data(
            rules=rules.rules(now),
            lines=lines,
            held=sum(bool(line.held and line.is_due) for line in lines),
            removals=Removal.objects.exclude(rows=0, bytes=0).order_by("-at")[:LATELY],
            **kwargs,
        )
