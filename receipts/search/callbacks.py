"""Filters of callbacks and of the quarantine."""

from channels_cfg.wire import ReceiptMode
from receipts.models import Callback, QuarantinedItem
from receipts.search.base import Filters
from receipts.search.parameters import Moment, OneOf


class CallbackFilters(Filters):
    """How callbacks are searched."""

    keys = ("received_at", "id")
    span = "received"

    mode = OneOf(ReceiptMode)
    state = OneOf(Callback.State.values)
    received_after = Moment(field_name="received_at", lookup_expr="gte")
    received_before = Moment(field_name="received_at", lookup_expr="lt")


class QuarantineFilters(Filters):
    """How quarantined items are searched."""

    keys = ("created_at", "id")

    state = OneOf(QuarantinedItem.State.values)
