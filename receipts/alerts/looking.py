"""What judging looks at, each thing read once, when it is first asked for."""

from datetime import datetime
from functools import cached_property

from channels_cfg.models import Channel
from receipts.alerts.models import HostState
from receipts.arrivals import Seen, last_seen, rows_of
from receipts.queues import health
from receipts.queues.health import Health


class Look:
    """The portal at ``now``; kept no longer than one judgement."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def channels(self) -> list[Channel]:
        """Channels that are switched on, with their paths and when each was used."""
        rows = Channel.objects.filter(is_active=True)
        return list(rows.prefetch_related("callback_paths__use"))

    @cached_property
    def queues(self) -> list[Health]:
        """Queues that are switched on."""
        return health.queues()

    @cached_property
    def hosts(self) -> list[HostState]:
        """What the sweep of each host noted."""
        return list(HostState.objects.order_by("host"))

    def queues_of(self, channel: Channel) -> list[Health]:
        """Return the queues that ``channel`` names."""
        return [each for each in self.queues if rows_of(channel, each)]

    def seen(self, channel: Channel) -> list[Seen]:
        """Return when each receipt type of ``channel`` last arrived."""
        return last_seen(channel, self.queues_of(channel))

    def named(self, channel_id: int) -> Channel | None:
        """Return an active channel, None if it is not."""
        return next((row for row in self.channels if row.pk == channel_id), None)
