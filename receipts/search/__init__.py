"""Searches that the API and exports share: filters, their cost, pages by keyset."""

from receipts.search.callbacks import CallbackFilters, QuarantineFilters
from receipts.search.channels import ChannelFilters, TemplateFilters
from receipts.search.conversations import ConversationFilters
from receipts.search.messages import MessageFilters
from receipts.search.parameters import BadParameters, Mistake
from receipts.search.receipts import ReceiptFilters
from receipts.search.searching import Page, Place, Search, search

__all__ = [
    "BadParameters",
    "CallbackFilters",
    "ChannelFilters",
    "ConversationFilters",
    "MessageFilters",
    "Mistake",
    "Page",
    "Place",
    "QuarantineFilters",
    "ReceiptFilters",
    "Search",
    "TemplateFilters",
    "search",
]
