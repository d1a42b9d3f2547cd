"""Receipts."""

from collections.abc import Sequence

from receipts import shapes
from receipts.api import examples
from receipts.api.lists import DetailView, ListView, Resource
from receipts.models import Receipt
from receipts.presenting.receipts import show_receipts
from receipts.querysets.receipt import HEAVY, ReceiptQuerySet
from receipts.search import ReceiptFilters


class Receipts(Resource[Receipt]):
    """One thing a provider told us each."""

    filters = ReceiptFilters
    includes = ("payload",)

    def rows(self, include: frozenset[str]) -> ReceiptQuerySet:
        """Return receipts, without what nobody asked for."""
        return Receipt.objects.defer(*(name for name in HEAVY if name not in include))

    def show(
        self, rows: Sequence[Receipt], include: frozenset[str]
    ) -> Sequence[shapes.Receipt]:
        """Return the public shapes, with payloads where asked for."""
        return show_receipts(
            rows, is_clear=self.caller.is_clear, with_payload="payload" in include
        )


class ReceiptList(Receipts, ListView[Receipt]):
    """Search receipts."""

    answer = examples.page(examples.RECEIPT)


class ReceiptDetail(Receipts, DetailView[Receipt]):
    """One receipt."""

    answer = examples.one(examples.RECEIPT)
