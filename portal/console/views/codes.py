"""The error dictionary as it is needed: what was told lately, unknown codes first."""

from portal.console.codes import counted
from portal.console.views.page import Page
from receipts.querysets.bounded import bounded


class Codes(Page):
    """Codes of the last seven days with counts; each leads to its words."""

    permission = "channels_cfg.view_errorcode"
    title = "Error codes"
    template_name = "console/codes.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            rows = counted()
        return super().get_context_data(
            codes=rows,
            unknown=sum(row.entry is None for row in rows),
            can_add=self.request.user.has_perm("channels_cfg.add_errorcode"),
            **kwargs,
        )
