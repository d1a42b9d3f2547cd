"""Views of a list and of one object, driven by a search and a public shape."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

import msgspec
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from receipts import shapes
from receipts.api import asking, described
from receipts.api.asking import Asked
from receipts.api.base import ApiView
from receipts.api.checks import check_filters
from receipts.api.cursors import Listing
from receipts.api.described import Parameter
from receipts.models.api_token import Scope
from receipts.querysets.bounded import bounded
from receipts.search import Place, search
from receipts.search.base import Filters, own_id

Row = TypeVar("Row", bound=Model)


class Resource(ApiView, Generic[Row]):
    """One kind of thing: where its rows are and how they are shown."""

    filters: ClassVar[type[Filters]]
    includes: ClassVar[tuple[str, ...]] = ()

    def rows(self, include: frozenset[str]) -> QuerySet[Row]:
        """Return all rows, with what showing them needs."""
        raise NotImplementedError

    def show(
        self, rows: Sequence[Row], include: frozenset[str]
    ) -> Sequence[msgspec.Struct]:
        """Return the public shapes of a page."""
        raise NotImplementedError

    def check(self, filters: dict[str, str], include: frozenset[str]) -> None:
        """Raise where the caller may not ask for this; what is included is raw."""
        if include:
            self.caller.demand(Scope.RAW_READ, Scope.PII_READ)
        check_filters(self.request, self.caller, filters)


class ListView(Resource[Row]):
    """A list: filtered, in keyset pages, both ways."""

    problems = ("invalid-cursor", "too-costly")

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return the filters, and what steers the list."""
        return described.of_list(cls.filters, cls.filters.orderings(), cls.includes)

    @classmethod
    def cost(cls) -> list[str]:
        """Return how far back a search looks."""
        return described.cost(cls.filters)

    def get(self, request: Request) -> Response:
        """Return one page."""
        orderings = self.filters.orderings()
        asked = asking.read_list(
            request,
            self.filters.base_filters,
            orderings=orderings,
            includes=self.includes,
        )
        self.check(asked.filters, asked.include)
        listing = Listing.of(request, asked.ordering or next(iter(orderings)))
        with bounded():
            return Response(self._page(asked, listing))

    def _page(self, asked: Asked, listing: Listing) -> msgspec.Struct:
        place, now = None, timezone.now()
        if asked.cursor is not None:
            place, now = listing.read(asked.cursor)
        found = search(
            self.filters,
            self.rows(asked.include),
            asked.filters,
            now=now,
            ordering=asked.ordering,
            channels=self.caller.channels,
        )
        page = found.page(place, asked.page_size)
        keys = [tuple(getattr(row, key) for key in found.keys) for row in page.rows]
        turn = Turn.of(keys, place, has_more=page.has_more)
        return shapes.Page(
            next=listing.url(turn.next, now) if turn.next else None,
            previous=listing.url(turn.previous, now) if turn.previous else None,
            window=found.window,
            results=list(self.show(page.rows, asked.include)),
        )


class Turn(msgspec.Struct, frozen=True):
    """Where the pages beside a page begin; None where there is none."""

    next: Place | None
    previous: Place | None

    @classmethod
    def of(
        cls,
        keys: Sequence[tuple[object, ...]],
        place: Place | None,
        *,
        has_more: bool,
    ) -> "Turn":
        """Return the places beside a page of rows with ``keys``, found at ``place``."""
        is_backward = place is not None and place.is_backward
        # The page a reader came from is still there.
        has_next = has_more or is_backward
        has_previous = has_more if is_backward else place is not None
        ends = keys or ([place.keys] if place else [])
        if not ends:
            return cls(None, None)
        return cls(
            Place(keys=ends[-1]) if has_next else None,
            Place(keys=ends[0], is_backward=True) if has_previous else None,
        )


class DetailView(Resource[Row]):
    """One object, by its public id; one of another channel is not there."""

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return what may be included."""
        return described.of_include(cls.includes)

    def get(self, request: Request, pk: str) -> Response:
        """Return the object."""
        given = asking.once_each(request)
        asking.only(given, ("include",) if self.includes else ())
        include = asking.read_include(given, self.includes)
        self.check({}, include)
        with bounded():
            row = self.find(pk, include)
            return Response(self.show([row], include)[0])

    def find(self, pk: str, include: frozenset[str] = frozenset()) -> Row:
        """Return the row of a public id. Raises ``Http404``."""
        number = own_id(pk)
        row = self.rows(include).filter(pk=number).first() if number else None
        if row is None or not self.caller.may_see(self.channel_of(row)):
            raise Http404
        return row

    def channel_of(self, row: Row) -> int:
        """Return the primary key of the channel a row belongs to."""
        channel: int = getattr(row, "channel_id")  # noqa: B009  # not on every model
        return channel
