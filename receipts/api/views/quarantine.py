"""The quarantine, and reading an item of it again."""

from collections.abc import Sequence

from rest_framework.request import Request
from rest_framework.response import Response

from receipts import shapes
from receipts.api import asking, examples
from receipts.api.lists import DetailView, ListView, Resource
from receipts.api.people import record
from receipts.api.problems import ApiProblem
from receipts.models import AccessRecord, QuarantinedItem
from receipts.models.api_token import Scope
from receipts.presenting.deliveries import show_quarantine
from receipts.processing.replay import NotReplayable, replay_item
from receipts.querysets.callback import QuarantineQuerySet
from receipts.search import QuarantineFilters

LARGEST_IN_LIST = 64 * 1024
ANY_SIZE = 2**31 - 1


class Quarantine(Resource[QuarantinedItem]):
    """One item that could not be read each."""

    filters = QuarantineFilters
    largest = ANY_SIZE

    def rows(self, include: frozenset[str]) -> QuarantineQuerySet:
        """Return quarantined items, with what came where the caller may see it."""
        size = self.largest if self.caller.may_see_raw else -1
        return QuarantinedItem.objects.with_item_up_to(size)

    def show(
        self, rows: Sequence[QuarantinedItem], include: frozenset[str]
    ) -> Sequence[shapes.QuarantinedItem]:
        """Return the public shapes."""
        return show_quarantine(
            rows, is_clear=self.caller.is_clear, with_item=self.caller.may_see_raw
        )


class QuarantineList(Quarantine, ListView[QuarantinedItem]):
    """Search the quarantine."""

    answer = examples.page(examples.QUARANTINED)

    largest = LARGEST_IN_LIST


class QuarantineDetail(Quarantine, DetailView[QuarantinedItem]):
    """One quarantined item."""

    answer = examples.one(examples.QUARANTINED)


class QuarantineReplay(QuarantineDetail):
    """Reading an item again, as often as you like: twice gives the same rows."""

    answer = examples.one(examples.REPLAYED)
    problems = ("not-replayable",)

    http_method_names = ("post",)
    scopes = (Scope.RECEIPTS_READ, Scope.REPLAY_WRITE)

    def post(self, request: Request, pk: str) -> Response:
        """Read it again and say what came of it."""
        asking.only(asking.once_each(request), ())
        item = self.find(pk)
        record(request, self.caller, AccessRecord.Act.REPLAY, str(item.pk))
        try:
            replayed = replay_item(item)
        except NotReplayable as exc:
            raise ApiProblem("not-replayable", f"{exc}.") from None
        return Response(
            shapes.Replayed(
                receipts=replayed.receipts,
                duplicates=replayed.duplicates,
                quarantined=replayed.quarantined,
            )
        )
