"""What every list is: filters in the URL, a bounded search, pages by keyset."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.utils import timezone

from portal.console import fields
from portal.console.paging import Listed, cut, without_place
from portal.console.views.page import Page
from receipts.querysets.bounded import TooCostly, bounded
from receipts.search import BadParameters, Mistake, search
from receipts.search.base import Filters
from receipts.shapes import Window

Row = TypeVar("Row", bound=Model)

TOO_COSTLY = Mistake(
    "", "This search would take too long. Narrow the time, or search by an id."
)


class ListPage(Page, Generic[Row]):
    """A list, newest first. ``main`` filters stand open, the others fold away."""

    filters: ClassVar[type[Filters]]
    main: ClassVar[tuple[str, ...]] = ()
    api: ClassVar[str] = ""  # the list of the API that takes the same filters

    def rows(self) -> QuerySet[Row]:
        """Return all rows of the list."""
        raise NotImplementedError

    def shown(self, rows: Sequence[Row]) -> Sequence[object]:
        """Return the rows of one page as the template shows them."""
        return rows

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        asked = self._asked()
        page: Listed[Row] = Listed(rows=())
        window, mistakes, shown = None, list[Mistake](), list[object]()
        try:
            with bounded():
                found = search(self.filters, self.rows(), asked, now=timezone.now())
                page, window = cut(found, self.request.GET), found.window
                shown = [*self.shown(page.rows)]
        except BadParameters as exc:
            mistakes = exc.mistakes
        except TooCostly:
            mistakes = [TOO_COSTLY]
        return super().get_context_data(
            page=page,
            rows=shown,
            mistakes=mistakes,
            **self._form(asked, mistakes, window),
            **kwargs,
        )

    def hidden(self) -> frozenset[str]:
        """Return filters that this reader may not use."""
        return frozenset()

    def _asked(self) -> dict[str, str]:
        known = self.filters.base_filters.keys() - self.hidden()
        given = self.request.GET.items()
        return {
            name: str(value).strip()
            for name, value in given
            if name in known and str(value).strip()
        }

    def _form(
        self,
        asked: Mapping[str, str],
        mistakes: Sequence[Mistake],
        window: Window | None,
    ) -> dict[str, object]:
        every = fields.fields_of(
            self.filters, asked, mistakes=mistakes, hidden=self.hidden()
        )
        return {
            "main_fields": [each for each in every if each.name in self.main],
            "more_fields": [each for each in every if each.name not in self.main],
            "has_more_asked": any(name not in self.main for name in asked),
            "asked": [(each, self._without(each.name)) for each in every if each.value],
            "window": window,
            "api_request": self._api_request(asked),
        }

    def _without(self, name: str) -> str:
        return "?" + urlencode(without_place(self.request.GET, name))

    def _api_request(self, asked: Mapping[str, str]) -> str:
        if not self.api:
            return ""
        path = f"/api/v1/{self.api}/"
        query = f"?{urlencode(asked)}" if asked else ""
        return self.request.build_absolute_uri(path + query)
