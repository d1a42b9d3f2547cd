"""How far back a list looks: a word in the URL, a bounded span unless it says all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from receipts.search.base import Filters

PARAMETER = "range"
ALL = "all"
LENGTHS: Mapping[str, timedelta] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "31d": timedelta(days=31),
}
LABELS: Mapping[str, str] = {
    "1h": "last hour",
    "24h": "last 24 hours",
    "7d": "last 7 days",
    "31d": "last 31 days",
    ALL: "any time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The span that bounds a search; without ``word`` its ids or times do."""

    word: str
    after: datetime | None = None

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS.get(self.word, "")

    @property
    def wider(self) -> list[tuple[str, str]]:
        """Word and label of each longer span."""
        words = list(LABELS)
        longer = words[words.index(self.word) + 1 :] if self.word in words else []
        return [(word, LABELS[word]) for word in longer]


def range_of(
    filters: type[Filters], asked: Mapping[str, str], word: str, now: datetime
) -> Range:
    """Return the span called ``word``, unless ``asked`` bounds the search itself."""
    times = {f"{filters.span}_after", f"{filters.span}_before"}
    if word not in LABELS or asked.keys() & (times | filters.ids):
        return Range(word="")
    if word == ALL:
        return Range(word=ALL)
    return Range(word=word, after=now - LENGTHS[word])


def bounded_by(
    span: Range, filters: type[Filters], asked: Mapping[str, str]
) -> dict[str, str]:
    """Return what was asked for with the span's beginning."""
    if span.after is None:
        return dict(asked)
    return {**asked, f"{filters.span}_after": f"{span.after:%Y-%m-%dT%H:%M:%SZ}"}
