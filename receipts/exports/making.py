"""Making exports: a slice of time each, a chunk at a time, resumed where it ended."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from receipts.exports.resources import RESOURCES, Resource
from receipts.exports.writing import to_csv, to_jsonl
from receipts.models import ApiToken, Export, ExportChunk
from receipts.querysets.bounded import TooCostly, bounded
from receipts.search import Place, Search, search

LIFE = timedelta(hours=24)
ROWS_AT_ONCE = 1000
MOST_ROWS = 1_000_000
MOST_BYTES = 1024**3
PAGE_LIMIT_S = 15.0
TURN_S = 5.0  # then it is another's turn
MOST_ATTEMPTS = 3
_LOCK = 0x6578706F  # any number that is ours: one export is made at a time


def ask_for(
    owner: ApiToken | int,
    resource: str,
    *,
    form: str,
    filters: dict[str, str],
    is_masked: bool,
) -> Export:
    """Keep the wish of a token, or of the person with a primary key, for an export.

    ``make_exports`` fulfils it.
    """
    now = timezone.now()
    return Export.objects.create(
        token=None if isinstance(owner, int) else owner,
        user_id=owner if isinstance(owner, int) else None,
        resource=resource,
        format=form,
        filters=filters,
        is_masked=is_masked,
        created_at=now,
        expires_at=now + LIFE,
    )


def search_of(export: Export) -> Search[Any]:
    """Return the search an export writes down. Raises ``BadParameters``."""
    resource = RESOURCES[export.resource]
    token = export.token
    # A person's wish is not limited to channels.
    limits = token.channels.values_list("pk", flat=True) if token else ()
    channels = frozenset(limits)
    found = search(
        resource.filters,
        resource.rows(),
        export.filters,
        now=export.created_at,
        channels=channels or None,
    )
    return replace(found, keys=resource.keys, is_descending=False, apart=())


def make_exports(for_seconds: float) -> bool:
    """Work on exports in turn; True if some are left. Idempotent.

    Returns at once while another process makes exports.
    """
    until = time.monotonic() + for_seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return False
        try:
            while time.monotonic() < until:
                export = _next()
                if export is None:
                    return False
                _take_turn(export, min(until, time.monotonic() + TURN_S))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return _waiting().exists()


def drop_expired() -> int:
    """Delete exports whose day is over; returns how many."""
    _, by_model = Export.objects.filter(expires_at__lte=timezone.now()).delete()
    return by_model.get(Export._meta.label, 0)


def _waiting() -> QuerySet[Export]:
    return Export.objects.filter(
        state__in=(Export.State.PENDING, Export.State.RUNNING),
        expires_at__gt=timezone.now(),
    )


def _next() -> Export | None:
    """Return the export that waited longest for a turn."""
    in_turn = (F("worked_on_at").asc(nulls_first=True), "created_at")
    export = _waiting().select_related("token").order_by(*in_turn).first()
    if export is not None:
        # Before work starts: what kills its maker must not do so for ever.
        export.attempts += 1
        export.state = Export.State.RUNNING
        export.worked_on_at = timezone.now()
        export.save(update_fields=["attempts", "state", "worked_on_at"])
    return export


def _take_turn(export: Export, until: float) -> None:
    if export.attempts > MOST_ATTEMPTS:
        _end(export, "It could not be made; the log knows more.")
        return
    try:
        _write(export, until)
    except TooCostly:
        _end(export, "The search takes too long: narrow it.")


def _write(export: Export, until: float) -> None:
    resource = RESOURCES[export.resource]
    found = search_of(export)
    while True:  # a turn moves on by a page at least
        if export.rows >= MOST_ROWS or export.bytes >= MOST_BYTES:
            _end(export, f"Over {MOST_ROWS} rows or {MOST_BYTES} bytes: narrow it.")
            return
        with bounded(PAGE_LIMIT_S):
            page = found.page(_place(export), ROWS_AT_ONCE)
            content = _content(export, resource, page.rows)
        _keep(export, content, page.rows, found.keys)
        if not page.has_more:
            _end(export, None)
            return
        if time.monotonic() > until:
            return


def _content(export: Export, resource: Resource, rows: Sequence[Any]) -> bytes:
    shown: Sequence[msgspec.Struct] = resource.show(rows, is_clear=not export.is_masked)
    if export.format == Export.Format.JSONL:
        return to_jsonl(shown)
    return to_csv(shown, resource.shape, with_header=export.bytes == 0)


def _place(export: Export) -> Place | None:
    if export.place is None:
        return None
    keys = [
        datetime.fromisoformat(key["at"]) if isinstance(key, dict) else key
        for key in export.place
    ]
    return Place(keys=tuple(keys))


def _keep(
    export: Export, content: bytes, rows: Sequence[Any], keys: Sequence[str]
) -> None:
    """Keep a chunk and how far it reaches, both or neither."""
    with transaction.atomic():
        if content:
            ExportChunk.objects.create(
                export=export, position=export.bytes, content=content
            )
        if rows:
            export.place = [_told(getattr(rows[-1], key)) for key in keys]
        export.rows += len(rows)
        export.bytes += len(content)
        export.attempts = 0
        export.save(update_fields=["place", "rows", "bytes", "attempts"])


def _told(key: object) -> object:
    if isinstance(key, datetime):
        return {"at": key.isoformat()}
    return key if isinstance(key, int) else str(key)


def _end(export: Export, error: str | None) -> None:
    """Close an export; of a failed one nothing is given out."""
    with transaction.atomic():
        if error is not None:
            export.chunks.all().delete()
        export.state = Export.State.DONE if error is None else Export.State.FAILED
        export.error = error
        export.finished_at = timezone.now()
        export.save(update_fields=["state", "error", "finished_at"])
