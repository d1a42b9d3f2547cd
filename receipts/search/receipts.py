"""Filters of receipts."""

from datetime import datetime

from channels_cfg.wire import Kind, ReceiptMode
from receipts.querysets.receipt import ReceiptQuerySet
from receipts.search.base import Filters, provider_filter, user_filter
from receipts.search.parameters import Moment, OneOf, Word
from receipts.shapes.parts import FLAGS, ITEM_TYPES, OWNERS, RECEIPT_STATUSES


class ReceiptFilters(Filters):
    """How receipts are searched."""

    keys = ("received_at", "id")
    ids = frozenset(
        [
            "message_id",
            "task_id",
            "batch_id",
            "client_batch_id",
            "conversation",
            "user",
            "provider_conversation_id",
        ]
    )
    alone = frozenset(
        ["channel", "status", "error_code", "template_code", "business_address"]
    )
    span = "received"

    channel_type = Word()
    provider = provider_filter()
    receipt_type = OneOf(ITEM_TYPES, label="The item's own.")
    mode = OneOf(ReceiptMode, label="The road that brought it first.")
    kind = OneOf(Kind)
    status = OneOf(RECEIPT_STATUSES)
    raw_status = Word(label="The provider's word, exactly.")
    message_id = Word()
    task_id = Word(method="keep_task")
    batch_id = Word()
    client_batch_id = Word()
    conversation = Word(method="keep_conversation", label="Id of a conversation.")
    provider_conversation_id = Word()
    business_address = Word(
        method="keep_address", label="A number with or without `+`, or an id."
    )
    user = user_filter()
    error_code = Word(label="The provider's code.")
    error_owner = OneOf(
        OWNERS, method="keep_error_owner", label="Who must act, says our dictionary."
    )
    template_code = Word()
    template_name = Word()
    flag = OneOf(FLAGS, method="keep_flag")
    occurred_after = Moment(method="keep_occurred", label="Inclusive.")
    occurred_before = Moment(method="keep_occurred", label="Exclusive.")
    received_after = Moment(field_name="received_at", lookup_expr="gte")
    received_before = Moment(field_name="received_at", lookup_expr="lt")

    def keep_error_owner(
        self, rows: ReceiptQuerySet, name: str, value: str
    ) -> ReceiptQuerySet:
        """Keep failures on which one side must act."""
        return rows.failed_by(value)

    def keep_flag(
        self, rows: ReceiptQuerySet, name: str, value: str
    ) -> ReceiptQuerySet:
        """Keep those with a flag."""
        return rows.flagged(value)

    def keep_occurred(
        self, rows: ReceiptQuerySet, name: str, value: datetime
    ) -> ReceiptQuerySet:
        """Keep those of a span of ``occurred_at``."""
        return rows.occurred(**{"gte" if name.endswith("_after") else "lt": value})
