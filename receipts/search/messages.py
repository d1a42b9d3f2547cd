"""Filters of messages."""

from channels_cfg.wire import Status
from receipts.querysets.message import MessageQuerySet
from receipts.search.base import Filters, provider_filter, user_filter
from receipts.search.parameters import Moment, OneOf, Word


class MessageFilters(Filters):
    """How messages are searched."""

    keys = ("last_at", "id")
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
    span = "last"

    channel_type = Word()
    provider = provider_filter()
    direction = OneOf(("mt", "mo"))
    status = OneOf(Status)
    contradiction = OneOf(("true", "false"), method="keep_contradiction")
    message_id = Word()
    task_id = Word(method="keep_task")
    batch_id = Word(method="keep_told_of")
    client_batch_id = Word(method="keep_told_of")
    conversation = Word(method="keep_conversation", label="Id of a conversation.")
    provider_conversation_id = Word(method="keep_told_of")
    user = user_filter()
    business_address = Word(
        method="keep_address", label="A number with or without `+`, or an id."
    )
    error_code = Word(label="Of the error that is shown.")
    template_code = Word()
    template_name = Word()
    first_after = Moment(field_name="first_at", lookup_expr="gte")
    first_before = Moment(field_name="first_at", lookup_expr="lt")
    last_after = Moment(field_name="last_at", lookup_expr="gte")
    last_before = Moment(field_name="last_at", lookup_expr="lt")
    text = Word(
        method="keep_text",
        min_length=2,
        strip=False,
        label="Part of what an MO message says, in any letter case; needs `channel` "
        "and the scope `pii:read`.",
    )

    def keep_contradiction(
        self, rows: MessageQuerySet, name: str, value: str
    ) -> MessageQuerySet:
        """Keep those told to have failed although they were delivered, or others."""
        return rows.contradicted(is_so=value == "true")

    def keep_told_of(
        self, rows: MessageQuerySet, name: str, value: str
    ) -> MessageQuerySet:
        """Keep those of which a receipt of a batch or the like tells."""
        return rows.told_of_by(**{name: value})

    def keep_text(
        self, rows: MessageQuerySet, name: str, value: str
    ) -> MessageQuerySet:
        """Keep those that say something."""
        return rows.saying(value)
