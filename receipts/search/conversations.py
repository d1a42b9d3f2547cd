"""Filters of conversations."""

from collections.abc import Mapping

from receipts.search.base import Filters, Rows, user_filter
from receipts.search.parameters import Moment, Word


class ConversationFilters(Filters):
    """How conversations are searched; merged ones answer by their survivor."""

    keys = ("last_at", "id")
    ids = frozenset({"user"})
    alone = frozenset({"channel", "business_address"})
    span = "active"

    channel_type = Word()
    user = user_filter()
    business_address = Word(
        method="keep_address", label="A number with or without `+`, or an id."
    )
    active_after = Moment(field_name="last_at", lookup_expr="gte")
    active_before = Moment(field_name="last_at", lookup_expr="lt")

    def keep_conversations(self, rows: Rows, known: Mapping[int, int]) -> Rows:
        """Keep the survivors of conversations."""
        return rows.filter(pk__in=set(known.values())) if known else rows.none()
