"""Templates: where their review stands, and how it got there."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from channels_cfg.wire import Kind
from portal.console.views.listing import ListPage
from portal.console.views.page import Page
from receipts.models import Receipt, Template
from receipts.querysets.bounded import bounded
from receipts.search import TemplateFilters

VIEW = "receipts.view_template"
LONGEST_HISTORY = 100


class Templates(ListPage[Template]):
    """Templates, latest news first."""

    permission = VIEW
    title = "Templates"
    template_name = "console/templates.html"
    filters = TemplateFilters
    main = ("channel", "status", "name", "code")
    api = "templates"

    def rows(self) -> QuerySet[Template]:
        return Template.objects.select_related("channel")


class TemplatePage(Page):
    """One template in one language, and what was told of it over time."""

    permission = VIEW
    template_name = "console/template.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            rows = Template.objects.select_related("channel")
            template = get_object_or_404(rows, pk=self.pk)
            return super().get_context_data(
                title=str(template),
                template=template,
                history=_history(template),
                **kwargs,
            )


def _history(template: Template) -> list[Receipt]:
    told = Receipt.objects.filter(
        channel=template.channel_id,
        template_code=template.code,
        kind=Kind.TEMPLATE,
    )
    if template.language:
        told = told.filter(template_language=template.language)
    newest_first = told.defer("payload", "content", "digest").order_by("-received_at")
    return list(newest_first[:LONGEST_HISTORY])
