"""What receipts tell of templates: each aspect stands as it was told last."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from receipts.processing.facts import Fact
from receipts.processing.json_rows import as_json, recordset, run

_RECORD = (
    "channel_id bigint, code text, language text, name text, status text, "
    "raw_status text, reason text, review_at timestamptz, quality text, "
    "quality_at timestamptz, category text, category_at timestamptz, "
    "updated_at timestamptz"
)
# A tie in time goes to the greater word: any rule will do that knows no order. The same
# word again is a replay, whose reading counts.
_REVIEWED = (
    "(excluded.review_at, excluded.raw_status, coalesce(excluded.reason, '')) >= "
    "(coalesce(t.review_at, '-infinity'), coalesce(t.raw_status, ''), "
    "coalesce(t.reason, ''))"
)


def _newer(aspect: str) -> str:
    return (
        f"(excluded.{aspect}_at, excluded.{aspect}) >= "
        f"(coalesce(t.{aspect}_at, '-infinity'), coalesce(t.{aspect}, ''))"
    )


def _set(columns: Iterable[str], when: str) -> str:
    return ", ".join(
        f"{name} = CASE WHEN {when} THEN excluded.{name} ELSE t.{name} END"
        for name in columns
    )


_UPSERT = (
    "INSERT INTO receipts_template AS t (channel_id, code, language, name, status, "
    "raw_status, reason, review_at, quality, quality_at, category, category_at, "
    f"updated_at) SELECT x.* FROM {recordset(_RECORD)} "
    "ORDER BY x.channel_id, x.code, x.language "
    "ON CONFLICT (channel_id, code, language) DO UPDATE SET "
    "name = coalesce(greatest(t.name, excluded.name), t.name), "
    "updated_at = greatest(t.updated_at, excluded.updated_at), "
    f"{_set(('status', 'raw_status', 'reason', 'review_at'), _REVIEWED)}, "
    f"{_set(('quality', 'quality_at'), _newer('quality'))}, "
    f"{_set(('category', 'category_at'), _newer('category'))}"
)

TemplateKey = tuple[int, str, str]


class TemplateState(msgspec.Struct):
    """What facts say of one template; field names are the columns of ``Template``."""

    channel_id: int
    code: str
    language: str
    name: str | None = None
    status: str | None = None
    raw_status: str | None = None
    reason: str | None = None
    review_at: datetime | None = None
    quality: str | None = None
    quality_at: datetime | None = None
    category: str | None = None
    category_at: datetime | None = None
    updated_at: datetime | None = None


def keep_templates(facts: Sequence[Fact]) -> None:
    """Fold template changes; a template that only a status names is noted once."""
    states: dict[TemplateKey, TemplateState] = {}
    told = [(_key_of(fact), fact) for fact in facts if fact.event.template_code]
    news = [one for one in told if one[1].event.template or one[0] not in _noted]
    for key, fact in sorted(news, key=_when):
        _join(states.setdefault(key, TemplateState(*key)), fact)
    if states:
        run(_UPSERT, as_json([states[key] for key in sorted(states)]))
        # Not before the rows are there: a batch may be undone and tried again.
        transaction.on_commit(lambda: _note(states))


def _key_of(fact: Fact) -> TemplateKey:
    event = fact.event
    return (fact.channel_id, event.template_code, event.template_language)


def _when(told: tuple[TemplateKey, Fact]) -> tuple[datetime, str]:
    return (told[1].offered_at, told[1].event.raw_status)


# Templates that this process has already seen named in a status.
_noted: set[TemplateKey] = set()
_NOTED_AT_MOST = 50_000


def _note(states: dict[TemplateKey, TemplateState]) -> None:
    if len(_noted) > _NOTED_AT_MOST:
        _noted.clear()
    _noted.update(key for key, state in states.items() if state.name)


def _join(state: TemplateState, fact: Fact) -> None:
    event, change = fact.event, fact.event.template
    state.name = max(filter(None, (state.name, event.template_name)), default=None)
    state.updated_at = max(filter(None, (state.updated_at, fact.offered_at)))
    if change is None:
        return
    # News of quality or category carries a word of its own, which is no review.
    if change.aspect == "review" and (change.status or change.raw_status):
        state.status, state.raw_status = change.status, change.raw_status
        state.reason, state.review_at = change.reason or None, fact.offered_at
    if change.quality:
        state.quality, state.quality_at = change.quality, fact.offered_at
    if change.category:
        state.category, state.category_at = change.category, fact.offered_at
