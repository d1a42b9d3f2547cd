"""Filters of channels and templates."""

from receipts.search.base import Filters, Rows, provider_filter
from receipts.search.parameters import OneOf, Word


class ChannelFilters(Filters):
    """How channels are searched."""

    keys = ("key",)
    is_newest_first = False
    channel_path = "pk"

    name = Word()
    provider = provider_filter()
    type = Word(label="Channel type, or `multi`.")
    active = OneOf(("true", "false"), method="keep_active")

    def keep_active(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep those switched on, or off."""
        return rows.filter(is_active=value == "true")


class TemplateFilters(Filters):
    """How templates are searched."""

    keys = ("updated_at", "id")

    code = Word()
    name = Word()
    language = Word()
    status = Word(label="Our word: approved, rejected, pending, paused …")
