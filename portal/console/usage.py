"""How templates fared in seven days, from the hourly counts alone."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Sum

from channels_cfg.wire import FAILURES, Kind
from receipts.models import ReceiptCount

SPAN = timedelta(days=7)
Key = tuple[int, str]  # channel, template code


@dataclass(slots=True, kw_only=True)
class Usage:
    """Receipts of a template's messages by status, and the codes of failures."""

    statuses: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def failures(self) -> int:
        """Messages that were told to have failed."""
        return sum(self.statuses[word] for word in FAILURES)

    @property
    def messages(self) -> int:
        """Messages that receipts tell of, at least.

        A message has each status once, so the most frequent one counts messages;
        which of the failed ones were sent before, the counts do not tell.
        """
        others = [n for word, n in self.statuses.items() if word not in FAILURES]
        return max([*others, self.failures], default=0)

    @property
    def failure_rate(self) -> float | None:
        """Failures in per cent of the messages; None without a message."""
        return 100 * self.failures / self.messages if self.messages else None

    @property
    def worst(self) -> list[tuple[str, int]]:
        """The most frequent codes of failures."""
        return self.codes.most_common(5)


def usage(templates: Collection[Key], now: datetime) -> Mapping[Key, Usage]:
    """Return how each template fared; all languages of a code together."""
    found = {key: Usage() for key in templates}
    rows = (
        ReceiptCount.objects.filter(
            hour__gte=now - SPAN,
            kind=Kind.STATUS,
            channel__in={channel for channel, _ in templates},
            template_code__in={code for _, code in templates},
        )
        .values_list("channel_id", "template_code", "status", "error_code")
        .annotate(total=Sum("n"))
        .order_by()
    )
    for channel, code, status, error, total in rows:
        told = found.get((channel, str(code)))
        if told is not None:
            told.statuses[status or ""] += total
            if error and status in FAILURES:
                told.codes[error] += total
    return found
