"""Filters that lists take beside those of the API: any pasted id, a cause."""

from portal.console import finding
from receipts.querysets.message import MessageQuerySet
from receipts.querysets.receipt import ReceiptQuerySet
from receipts.search import MessageFilters, QuarantineFilters, ReceiptFilters
from receipts.search.parameters import Word


class ReceiptsAsked(ReceiptFilters):
    """The API's filters, and one that takes any pasted id or number."""

    ids = ReceiptFilters.ids | {"q"}

    q = Word(method="keep_found")

    def keep_found(
        self, rows: ReceiptQuerySet, name: str, value: str
    ) -> ReceiptQuerySet:
        """Keep the latest receipts somebody may mean by ``value``."""
        return rows.filter(finding.receipts(value))


class MessagesAsked(MessageFilters):
    """The API's filters, and one that takes any pasted id or number."""

    ids = MessageFilters.ids | {"q"}

    q = Word(method="keep_found")

    def keep_found(
        self, rows: MessageQuerySet, name: str, value: str
    ) -> MessageQuerySet:
        """Keep the latest messages somebody may mean by ``value``."""
        return rows.filter(pk__in=finding.messages(value))


class QuarantineAsked(QuarantineFilters):
    """The API's filters, and the cause that groups items."""

    cause = Word()
