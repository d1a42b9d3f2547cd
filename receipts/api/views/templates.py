"""Templates."""

from collections.abc import Sequence

from django.db.models import QuerySet

from receipts import shapes
from receipts.api import examples
from receipts.api.lists import DetailView, ListView, Resource
from receipts.models import Template
from receipts.presenting.config import show_templates
from receipts.search import TemplateFilters


class Templates(Resource[Template]):
    """One template in one language each."""

    filters = TemplateFilters

    def rows(self, include: frozenset[str]) -> QuerySet[Template]:
        """Return templates."""
        return Template.objects.all()

    def show(
        self, rows: Sequence[Template], include: frozenset[str]
    ) -> Sequence[shapes.Template]:
        """Return the public shapes."""
        return show_templates(rows, is_clear=self.caller.is_clear)


class TemplateList(Templates, ListView[Template]):
    """Search templates."""

    answer = examples.page(examples.TEMPLATE)


class TemplateDetail(Templates, DetailView[Template]):
    """One template."""

    answer = examples.one(examples.TEMPLATE)
