"""The audit log: who changed, replayed, revealed and exported what."""

from datetime import datetime
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime

from portal.console import record
from portal.console.views.page import Page
from receipts.querysets.bounded import bounded

KINDS = {"": "everything", "change": "configuration changes", "act": "other acts"}


class Audit(Page):
    """Every change of the configuration and every act, newest first."""

    permission = "receipts.view_accessrecord"
    title = "Audit log"
    template_name = "console/audit.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        who, kind = self._asked("who"), self._asked("kind")
        with bounded():
            found = record.lines(self._before(), who=who, kind=kind)
        older = found[-1].at.isoformat() if len(found) >= record.SIZE else ""
        query = {"who": who, "kind": kind, "before": older}
        return super().get_context_data(
            lines=found,
            who=who,
            kind=kind,
            kinds=KINDS.items(),
            older="?" + urlencode(query) if older else "",
            **kwargs,
        )

    def _asked(self, name: str) -> str:
        return self.request.GET.get(name, "").strip().replace("\0", "")

    def _before(self) -> datetime | None:
        try:
            at = parse_datetime(self._asked("before"))
        except ValueError:
            return None
        return at if at and at.tzinfo else None
