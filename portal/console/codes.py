"""Error codes with how often they were told lately: those we do not know come first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from channels_cfg.models import ErrorCode
from receipts.models import ReceiptCount

SPAN = timedelta(days=7)
MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A code, how often it was told in seven days, and what we know of it."""

    provider: str
    code: str
    count: int
    share: float  # per cent of the most frequent
    entry: ErrorCode | None


def counted() -> list[Counted]:
    """Return the codes of the last seven days, unknown ones first, then by count."""
    since = timezone.now() - SPAN
    rows = (
        ReceiptCount.objects.filter(hour__gte=since, error_code__isnull=False)
        .values_list("channel__provider", "error_code")
        .annotate(total=Sum("n"))
        .filter(total__gt=0)
        .order_by("-total")[:MOST]
    )
    told = [(provider, str(code), total) for provider, code, total in rows]
    known = _known({(provider, code) for provider, code, _ in told})
    top = max((total for *_, total in told), default=1)
    made = [
        Counted(
            provider=provider,
            code=code,
            count=total,
            share=round(100 * total / top, 1),
            entry=known.get((provider, code)),
        )
        for provider, code, total in told
    ]
    return sorted(made, key=lambda each: (each.entry is not None, -each.count))


def _known(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ErrorCode]:
    by_provider: dict[str, list[str]] = {}
    for provider, code in pairs:
        by_provider.setdefault(provider, []).append(code)
    wanted = Q(pk__in=())
    for provider, codes in by_provider.items():
        wanted |= Q(provider=provider, code__in=codes)
    return {(row.provider, row.code): row for row in ErrorCode.objects.filter(wanted)}
