"""What every list is: filters in the URL, a bounded search, pages by keyset."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from portal.console import acts, fields
from portal.console.models import SavedView
from portal.console.paging import SIZE, Listed, count_newer, cut, without_place
from portal.console.views.export import MAY_EXPORT
from portal.console.views.page import Page
from receipts.exports.resources import RESOURCES
from receipts.querysets.bounded import TooCostly, bounded
from receipts.search import BadParameters, Mistake, Search, search
from receipts.search.base import Filters
from receipts.shapes import Window

Row = TypeVar("Row", bound=Model)

NEWS = "news"  # parameter: the keys of the row that stands first on the page

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
            self._guard(asked)
            with bounded():
                found = search(self.filters, self.rows(), asked, now=timezone.now())
                if NEWS in self.request.GET:
                    return self._news(found)
                page, window = cut(found, self.request.GET), found.window
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
            **self._form(asked, mistakes, window),
            **kwargs,
        )

    def get_template_names(self) -> list[str]:
        """Return the bar alone where it asks for news."""
        if NEWS in self.request.GET:
            return ["console/_news.html"]
        return list(super().get_template_names())

    def _news(self, found: Search[Row]) -> dict[str, object]:
        """Say how many rows came since; the rows on the page stay where they are."""
        keys = self.request.GET.get(NEWS, "")
        is_paused = "paused" in self.request.GET
        return super().get_context_data(
            news=0 if is_paused else count_newer(found, keys),
            most=SIZE,
            is_paused=is_paused,
            first=keys,
            rest=urlencode(without_place(self.request.GET, NEWS, "paused")),
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
            "exports": self._exports(asked),
            "rest": urlencode(without_place(self.request.GET)),
            "page_name": self._name(),
            "saved_views": self._saved_views(),
        }

    def _name(self) -> str:
        match = self.request.resolver_match
        return match.url_name or "" if match else ""

    def _saved_views(self) -> list[SavedView]:
        mine = SavedView.objects.filter(user_id=self.request.user.pk or 0)
        return list(mine.filter(page=self._name()))

    def _without(self, name: str) -> str:
        return "?" + urlencode(without_place(self.request.GET, name))

    def _exports(self, asked: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return word and URL of each file that this list can be had as."""
        if self.api not in RESOURCES or not self.request.user.has_perm(MAY_EXPORT):
            return []
        if not asked.keys() <= RESOURCES[self.api].filters.base_filters.keys():
            return []  # a filter of the console alone
        url = reverse("admin:export", args=[self.api])
        forms = (("csv", "CSV"), ("jsonl", "JSON Lines"))
        return [
            (word, f"{url}?{urlencode({**asked, 'format': form})}")
            for form, word in forms
        ]

    def _api_request(self, asked: Mapping[str, str]) -> str:
        if not self.api or "q" in asked:  # which is the console's alone
            return ""
        path = f"/api/v1/{self.api}/"
        query = f"?{urlencode(asked)}" if asked else ""
        return self.request.build_absolute_uri(path + query)
