"""Templates: where their review stands, and how it got there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from channels_cfg.wire import Kind
from portal.console.pauses import ends_at
from portal.console.usage import Key, Usage, usage
from portal.console.views.listing import ListPage
from portal.console.views.page import Page
from receipts.models import Receipt, Template
from receipts.querysets.bounded import bounded
from receipts.search import TemplateFilters

VIEW = "receipts.view_template"
LONGEST_HISTORY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One template of the board."""

    template: Template
    usage: Usage
    pause_ends_at: datetime | None


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

    def shown(self, rows: Sequence[Template]) -> list[Row]:
        told = usage({(row.channel_id, row.code) for row in rows}, timezone.now())
        return [_row(row, told) for row in rows]


class TemplatePage(Page):
    """One template in one language, and what was told of it over time."""

    permission = VIEW
    template_name = "console/template.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        with bounded():
            rows = Template.objects.select_related("channel")
            template = get_object_or_404(rows, pk=self.pk)
            key = (template.channel_id, template.code)
            told = usage({key}, timezone.now())
            return super().get_context_data(
                title=str(template),
                template=template,
                row=_row(template, told),
                history=_history(template),
                **kwargs,
            )


def _row(template: Template, told: Mapping[Key, Usage]) -> Row:
    return Row(
        template=template,
        usage=told[template.channel_id, template.code],
        pause_ends_at=ends_at(template),
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
