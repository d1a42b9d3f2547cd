"""What every page of the console is: one permission, the frame, the reader's sight."""

from datetime import datetime

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from portal.console import revealing
from receipts.querysets.bounded import TooCostly

SEES_PEOPLE = "receipts.view_pii"


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise ``PermissionDenied`` for a user who lacks one of ``permissions``."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


class Page(TemplateView):
    """A page for those with ``permission``; empty means every member of staff."""

    permission = ""
    title = ""
    reveals = ""  # what a reveal of this page names; empty: it has none
    site: AdminSite | None = None  # given by the URLconf

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        if self.permission:
            require(request, self.permission)
        try:
            return super().dispatch(request, *args, **kwargs)
        except TooCostly:
            return self._give_up(request)

    def _give_up(self, request: HttpRequest) -> TemplateResponse:
        frame = self.site.each_context(request) if self.site else {}
        context = {**frame, "title": "This takes too long"}
        return TemplateResponse(request, "console/too_costly.html", context, status=503)

    @property
    def pk(self) -> int:
        """The primary key that the URL names."""
        return int(self.kwargs["pk"])

    @cached_property
    def sees_people(self) -> bool:
        """Whether numbers, names and texts are shown in clear."""
        return (
            self.request.user.has_perm(SEES_PEOPLE) or self.revealed_until is not None
        )

    @cached_property
    def revealed_until(self) -> datetime | None:
        """Until when this page is shown in clear because its reader gave a reason."""
        if not self.reveals or not self.request.user.has_perm(revealing.MAY_REVEAL):
            return None
        return revealing.revealed_until(self.request, self.subject)

    @property
    def subject(self) -> str:
        """What a reveal of this page names."""
        return f"{self.reveals} {self.kwargs['pk']}" if self.reveals else ""

    def _may_reveal(self) -> bool:
        may = self.request.user.has_perm(revealing.MAY_REVEAL)
        return bool(self.reveals) and may and not self.sees_people

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        frame = self.site.each_context(self.request) if self.site else {}
        return {
            "title": self.title,
            "sees_people": self.sees_people,
            "revealed_until": self.revealed_until,
            "can_reveal": self._may_reveal(),
            "reveal_subject": self.subject,
            **frame,
            **super().get_context_data(**kwargs),
        }
