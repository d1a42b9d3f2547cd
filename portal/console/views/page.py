"""What every page of the console is: one permission, the frame, the reader's sight."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.views.generic import TemplateView

from receipts.querysets.bounded import TooCostly

SEES_PEOPLE = "receipts.view_pii"


class Page(TemplateView):
    """A page for those with ``permission``; empty means every member of staff."""

    permission = ""
    title = ""
    site: AdminSite | None = None  # given by the URLconf

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        if self.permission and not request.user.has_perm(self.permission):
            raise PermissionDenied
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

    @property
    def sees_people(self) -> bool:
        """Whether numbers, names and texts are shown in clear."""
        return self.request.user.has_perm(SEES_PEOPLE)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        frame = self.site.each_context(self.request) if self.site else {}
        return {
            "title": self.title,
            "sees_people": self.sees_people,
            **frame,
            **super().get_context_data(**kwargs),
        }
