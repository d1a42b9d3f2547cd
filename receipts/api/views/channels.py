"""Channels, as configured."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404

from channels_cfg.models import Channel
from receipts import shapes
from receipts.api import examples
from receipts.api.lists import DetailView, ListView, Resource
from receipts.models.api_token import Scope
from receipts.presenting.config import show_channels
from receipts.search import ChannelFilters


class Channels(Resource[Channel]):
    """One account or sender each."""

    scopes = (Scope.CONFIG_READ,)
    filters = ChannelFilters

    def rows(self, include: frozenset[str]) -> QuerySet[Channel]:
        """Return channels with all that hangs on them."""
        return Channel.objects.select_related("queue_account").prefetch_related(
            "business_addresses", "callback_paths__use", "queues"
        )

    def show(
        self, rows: Sequence[Channel], include: frozenset[str]
    ) -> Sequence[shapes.Channel]:
        """Return the public shapes."""
        return show_channels(rows)


class ChannelList(Channels, ListView[Channel]):
    """Search channels."""

    answer = examples.page(examples.CHANNEL)


class ChannelDetail(Channels, DetailView[Channel]):
    """One channel, by its key."""

    answer = examples.one(examples.CHANNEL)

    def find(self, pk: str, include: frozenset[str] = frozenset()) -> Channel:
        """Return the channel of a key. Raises ``Http404``."""
        found = self.rows(include).filter(key=pk).first() if "\0" not in pk else None
        if found is None or not self.caller.may_see(found.pk):
            raise Http404
        return found
