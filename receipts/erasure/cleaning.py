"""Where else a person may be named: texts of small tables, exports, this host's spool."""

from collections import Counter
from collections.abc import Iterator

import structlog
from django.apps import apps
from django.db import Error, connection, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from receipts.erasure.matching import Matching
from receipts.models import Export, ExportChunk
from receipts.spool import SpoolError, folder, loading
from receipts.spool.store import spool

log = structlog.get_logger(__name__)
_APPS = ("receipts", "console", "auditlog", "alerts")
# Looked at row by row elsewhere, or without a word of anybody.
_ELSEWHERE = frozenset(
    """callback receipt sighting receiptkey message messagereference mergedmessage conversation
    conversationidentity receiptcount receiptday messagecount erasure removal apitoken epoch
    exportchunk template""".split()
)
_DAMAGED = "damaged spool files of this host, which nobody can search: remove them"
_UNREAD = "this host's spool could not be read"


def clean_texts(matching: Matching) -> Counter[str]:
    """Take the person out of every text of every small table."""
    removed: Counter[str] = Counter()
    if not matching.values:
        return removed
    for model in _models():
        columns = list(_text_columns(model))
        if columns and (cleaned := _clean(model, columns, matching)):
            removed[f"texts of {model._meta.verbose_name_plural}"] = cleaned
    return removed


def _models() -> Iterator[type[models.Model]]:
    # All of them, so that a table of a later release is not forgotten.
    for model in apps.get_models():
        is_ours = model._meta.app_label in _APPS
        if is_ours and model._meta.model_name not in _ELSEWHERE:
            yield model


def _text_columns(model: type[models.Model]) -> Iterator[models.Field[object, object]]:
    kinds = (models.CharField, models.TextField, models.JSONField)
    for field in model._meta.concrete_fields:
        if isinstance(field, kinds) and not field.choices and not field.primary_key:
            yield field


def _clean(
    model: type[models.Model],
    columns: list[models.Field[object, object]],
    matching: Matching,
) -> int:
    wanted = models.Q()
    patterns = [matching.sql, *map(_literal, matching.shown)]
    for field in columns:
        alias = f"as_text_{field.name}"
        wanted |= models.Q(**{f"{alias}__regex": "|".join(patterns)})
    texts = {
        f"as_text_{field.name}": Cast(field.name, models.TextField())
        for field in columns
    }
    cleaned = 0
    for row in model._base_manager.alias(**texts).filter(wanted).iterator():
        names = [field.name for field in columns]
        changes = {name: matching.cleaned(getattr(row, name)) for name in names}
        # Not ``save``: nobody's hooks shall note what was there before.
        model._base_manager.filter(pk=row.pk).update(**changes)
        cleaned += 1
    return cleaned


def _literal(word: str) -> str:
    return "".join(f"[{letter}]" if letter in "*+.…" else letter for letter in word)


def drop_exports() -> Counter[str]:
    """Empty every export that was made by now: each lives a day and can be made again."""
    with transaction.atomic():
        made = Export.objects.select_for_update().filter(rows__gt=0)
        made = made.exclude(state=Export.State.FAILED)
        ids = list(made.values_list("pk", flat=True))
        ExportChunk.objects.filter(export__in=ids).delete()
        Export.objects.filter(pk__in=ids).update(
            state=Export.State.FAILED,
            error="Dropped because a person was erased: ask for it again.",
            finished_at=timezone.now(),
        )
    return Counter({"exports": len(ids)})


def load_spool() -> None:
    """Load what this host's spool holds, so that it is found in the database."""
    try:
        loading.load(for_seconds=30)
    except (loading.Elsewhere, SpoolError, Error) as exc:
        log.warning("spool_not_loaded", reason=str(exc)[:200])
        connection.close()


def clean_spool(matching: Matching) -> tuple[Counter[str], Counter[str]]:
    """Remove rows that nobody can load and that name the person; what is left is told."""
    removed, left = Counter[str](), Counter[str]()
    try:
        for file in spool().files():
            named = [r.seq for r in file.rows_aside() if _is_named(r.content, matching)]
            if named:
                file.forget_aside(named)
                removed["spool rows"] += len(named)
    except SpoolError as exc:
        log.warning("spool_not_searched", reason=str(exc)[:200])
        left[_UNREAD] += 1
    if damaged := len(folder.damaged_files(spool().folder)):
        left[_DAMAGED] = damaged
    return removed, left


def _is_named(content: object, matching: Matching) -> bool:
    return isinstance(content, bytes) and matching.is_in_bytes(content)
