"""Error codes with how often they were told lately: those we do not know come first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from channels_cfg.models import ErrorCode
from receipts.models import ReceiptCount
from receipts.querysets.counts import ToldCode

SPAN = timedelta(days=7)
MOST = 1_000

Known = Mapping[tuple[str, str], ErrorCode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A code, how often it was told in seven days, and what we know of it."""

    provider: str
    code: str
    count: int
    last_hour: datetime
    share: float  # per cent of the most frequent
    entry: ErrorCode | None


def counted() -> list[Counted]:
    """Return the codes of the last seven days, unknown ones first, then by count."""
    told = ReceiptCount.objects.told_codes(timezone.now() - SPAN, MOST)
    known = _known(told)
    top = max((each.receipts for each in told), default=1)
    made = [_counted(each, known, top) for each in told]
    return sorted(made, key=lambda each: (each.entry is not None, -each.count))


def _counted(told: ToldCode, known: Known, top: int) -> Counted:
    return Counted(
        provider=told.provider,
        code=told.code,
        count=told.receipts,
        last_hour=told.last_hour,
        share=round(100 * told.receipts / top, 1),
        entry=known.get((told.provider, told.code)),
    )


def _known(told: Sequence[ToldCode]) -> Known:
    wanted = Q(pk__in=())
    for provider, codes in _by_provider(told):
        wanted |= Q(provider=provider, code__in=codes)
    return {(row.provider, row.code): row for row in ErrorCode.objects.filter(wanted)}


def _by_provider(told: Sequence[ToldCode]) -> Iterable[tuple[str, list[str]]]:
    by_provider: dict[str, list[str]] = {}
    for each in told:
        by_provider.setdefault(each.provider, []).append(each.code)
    return by_provider.items()
