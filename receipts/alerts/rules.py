"""Which limits hold: a channel's own rule, else the rule for all, else the default."""

from collections.abc import Mapping

from receipts.alerts.findings import AlertKind
from receipts.alerts.models import AlertRule


class Rules:
    """All rules, read once."""

    def __init__(self) -> None:
        rows = AlertRule.objects.all()
        self._rows = {(row.kind, row.channel_id): row for row in rows}

    def is_on(self, kind: str, channel_id: int | None = None) -> bool:
        """Say whether ``kind`` is judged, of this channel or at all."""
        row = self._row(kind, channel_id)
        return row.is_enabled if row else True

    def is_on_anywhere(self, kind: str) -> bool:
        """Say whether ``kind`` is judged for all, or for one channel at least."""
        own = [row for (slug, _), row in self._rows.items() if slug == kind]
        return self.is_on(kind) or any(row.is_enabled for row in own)

    def limits(
        self, kind: AlertKind, channel_id: int | None = None
    ) -> Mapping[str, float]:
        """Return every limit of ``kind`` by its name."""
        values = {limit.name: limit.default for limit in kind.all_limits}
        for key in (None, channel_id):
            if row := self._rows.get((kind.slug, key)):
                values |= {k: v for k, v in row.limits.items() if k in values}
        return values

    def is_enough(self, count: int, kind: AlertKind, channel_id: int) -> bool:
        """Say whether this channel is judged, and ``count`` reaches its ``least``."""
        least = self.limits(kind, channel_id)["least"]
        return self.is_on(kind.slug, channel_id) and count >= least

    def _row(self, kind: str, channel_id: int | None) -> AlertRule | None:
        own = self._rows.get((kind, channel_id))
        return own or self._rows.get((kind, None))
