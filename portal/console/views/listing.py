"""What every list is: filters in the URL, a bounded search, pages by keyset."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone

from portal.console import acts, asking, columns, facets, fields, ranges, saving
from portal.console.facets import Facet
from portal.console.paging import SIZE, Listed, count_newer, cut
from portal.console.ranges import Range
from portal.console.views.page import Page
from receipts.querysets.bounded import TooCostly, bounded
from receipts.search import BadParameters, Mistake, Search, search
from receipts.search.base import Filters
from receipts.shapes import Window

Row = TypeVar("Row", bound=Model)

NEWS = "news"  # parameter: the keys of the row that stands first on the page
FACETS = "facets"  # parameter: the counts alone are asked for
FACETS_S = 1.5

TOO_COSTLY = Mistake(
    "", "This search would take too long. Narrow the time, or search by an id."
)


class ListPage(Page, Generic[Row]):
    """A list, newest first. ``main`` filters stand open, the others fold away."""

    filters: ClassVar[type[Filters]]
    main: ClassVar[tuple[str, ...]] = ()
    api: ClassVar[str] = ""  # the list of the API that takes the same filters
    default_range: ClassVar[str] = ""  # how far back it looks unless asked otherwise
    facets: ClassVar[tuple[Facet, ...]] = ()
    columns: ClassVar[Mapping[str, str]] = {}  # besides the first, with their labels
    usual_columns: ClassVar[str] = ""

    def rows(self) -> QuerySet[Row]:
        """Return all rows of the list."""
        raise NotImplementedError

    def shown(self, rows: Sequence[Row]) -> Sequence[object]:
        """Return the rows of one page as the template shows them."""
        return rows

    def last_at(self) -> datetime | None:
        """Return when the newest row of all came, for a page that shows none.

        A list that looks at all time says nothing by it: None.
        """
        if not self.default_range:
            return None
        keys = self.filters.keys
        newest = self.rows().order_by(*(f"-{key}" for key in keys))
        return newest.values_list(keys[0], flat=True).first()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        asked, now = self._asked(), timezone.now()
        word = self.query.get(ranges.PARAMETER, self.default_range)
        span = ranges.range_of(self.filters, asked, word, now)
        bounds = ranges.bounded_by(span, self.filters, asked)
        page: Listed[Row] = Listed(rows=())
        window, mistakes, shown = None, list[Mistake](), list[object]()
        try:
            self._guard(asked)
            with bounded(FACETS_S if FACETS in self.query else 2.0):
                found = search(self.filters, self.rows(), bounds, now=now)
                if NEWS in self.query:
                    return self._news(found)
                if FACETS in self.query:
                    return self._counted(found)
                page, window = cut(found, self.query), found.window
                shown = [*self.shown(page.rows)]
        except BadParameters as exc:
            mistakes = exc.mistakes
        except TooCostly:
            mistakes = [TOO_COSTLY]
        except acts.TooManySearches:
            mistakes = [Mistake("", acts.TOO_MANY)]
        return super().get_context_data(
            page=page,
            rows=shown,
            mistakes=mistakes,
            last_at=None if shown else self.last_at(),
            **self._form(asked, mistakes),
            **self._scope(bounds, span, window),
            **kwargs,
        )

    @property
    def query(self) -> QueryDict:
        """What the URL asks for."""
        return self.request.GET

    def get_template_names(self) -> list[str]:
        """Return a part alone where only that is asked for."""
        if NEWS in self.query:
            return ["console/_news.html"]
        if FACETS in self.query:
            return ["console/_facets.html"]
        return list(super().get_template_names())

    def _news(self, found: Search[Row]) -> dict[str, object]:
        """Say how many rows came since; the rows on the page stay where they are."""
        keys = self.query.get(NEWS, "")
        is_paused = "paused" in self.query
        return super().get_context_data(
            news=0 if is_paused else count_newer(found, keys),
            most=SIZE,
            is_paused=is_paused,
            first=keys,
            rest=urlencode(asking.rest_of(self.query)),
        )

    def _counted(self, found: Search[Row]) -> dict[str, object]:
        counts = facets.count(found.rows, found.keys, self.facets)
        wanted = [each for each in self.facets if each.parameter not in self.hidden()]
        return super().get_context_data(
            counts=counts, facets=asking.offered(self.query, wanted, counts)
        )

    def _guard(self, asked: Mapping[str, str]) -> None:
        person = asked.get("user") or asked.get("q")
        if person and not self.sees_people:
            acts.guard_search(self.request, person)

    def hidden(self) -> frozenset[str]:
        """Return filters that this reader may not use."""
        return frozenset()

    def _asked(self) -> dict[str, str]:
        known = self.filters.base_filters.keys() - self.hidden()
        return {
            name: str(value).strip()
            for name, value in self.query.items()
            if name in known and str(value).strip()
        }

    def _form(
        self, asked: Mapping[str, str], mistakes: Sequence[Mistake]
    ) -> dict[str, object]:
        every = fields.fields_of(
            self.filters, asked, mistakes=mistakes, hidden=self.hidden()
        )
        names = [each.name for each in every]
        return {
            "main_fields": [each for each in every if each.name in self.main],
            "more_fields": [each for each in every if each.name not in self.main],
            "has_more_asked": any(each.mistake for each in every),
            "asked": [
                (each, asking.link(self.query, **{each.name: ""}))
                for each in every
                if each.value
            ],
            "kept": asking.rest_of(self.query, ranges.PARAMETER, *names),
            "kept_of_columns": asking.rest_of(self.query, columns.PARAMETER),
            "all_columns": self.columns.items(),
            "cols": columns.chosen(self.query, self.columns, self.usual_columns),
            "has_facets": bool(self.facets),
        }

    def _scope(
        self, bounds: Mapping[str, str], span: Range, window: Window | None
    ) -> dict[str, object]:
        return {
            "window": window,
            "range": span,
            "ranges": ranges.LABELS.items() if self.default_range else (),
            "wider": [
                (label, asking.link(self.query, range=word))
                for word, label in span.wider
            ],
            "api_request": self._api_request(bounds),
            "exports": saving.exports(self.request, self.api, bounds),
            "rest": urlencode(asking.rest_of(self.query)),
            "page_name": self._name(),
            "saved_views": saving.views(self.request, self._name()),
        }

    def _name(self) -> str:
        match = self.request.resolver_match
        return match.url_name or "" if match else ""

    def _api_request(self, bounds: Mapping[str, str]) -> str:
        if not self.api or "q" in bounds:  # which is the console's alone
            return ""
        path = f"/api/v1/{self.api}/"
        query = f"?{urlencode(bounds)}" if bounds else ""
        return self.request.build_absolute_uri(path + query)
