"""The admin site, with the console's pages, navigation and start page."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver

from portal.console import nav
from portal.logins.forms import LoginForm


class ConsoleSite(AdminSite):
    """Django's admin site whose index is the overview of what arrives."""

    site_title = "Receipt portal"
    site_header = "Receipt portal"
    index_title = "Overview"
    site_url = None
    login_form = LoginForm
    enable_nav_sidebar = False  # the frame has its own navigation

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Every process has this site, for its models; only the web needs its views.
        from portal.console import urls

        return [*urls.console_urls(self), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        return {**super().each_context(request), "nav_groups": nav.groups(request)}

    def index(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> TemplateResponse:
        from portal.console.views.overview import Overview

        page: HttpResponse = Overview.as_view(site=self)(request)
        assert isinstance(page, TemplateResponse)  # noqa: S101  # tells the type
        return page
