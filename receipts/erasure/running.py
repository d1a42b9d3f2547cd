"""Erasures at work: step by step, each kept with how far it came; ends as it began.

A run that is killed goes on where it was; one that is over does nothing. Drains go on
beside it.
"""

import time
from collections import Counter
from collections.abc import Iterator

import structlog
from django.db import connection, transaction
from django.utils import timezone

from receipts.erasure import cleaning, removing, scanning
from receipts.erasure.person import Person, find
from receipts.models import Callback, Erasure
from receipts.processing import gate
from receipts.processing.drain import drain

log = structlog.get_logger(__name__)
_LOCK = 7_260_004  # any fixed number: one erasure works at a time
_WAITS_S = 60.0  # for callbacks that came before it began
_ALWAYS_LEFT = {
    "backups made before: they forget the person when they are thrown away": 1,
    "log files: they hold ids, and are thrown away by their own rule": 1,
}


def run_all(*, for_seconds: float) -> int:
    """Work on erasures that were begun; returns how many are over now."""
    until = time.monotonic() + for_seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            begun = Erasure.objects.filter(state=Erasure.State.RUNNING).order_by("pk")
            return sum(_run(erasure, until) for erasure in begun)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _run(erasure: Erasure, until: float) -> bool:
    try:
        for removed, left in _steps(erasure):
            _note(erasure, removed, left)
            if time.monotonic() > until:
                return False
    except gate.Busy as exc:
        log.info("erasure_waits", erasure=erasure.pk, reason=str(exc))
        return False
    _clean(erasure)
    _finish(erasure)
    return True


def _steps(erasure: Erasure) -> Iterator[tuple[Counter[str], Counter[str]]]:
    """Do one step after the other; each may be done again."""
    if erasure.place is None:
        cleaning.load_spool()
        _drain_what_came_before(erasure)
    person = find(erasure.values)
    if set(person.values) != set(erasure.values):
        # From here on the identities alone may have to do.
        erasure.values = list(person.values)
        erasure.save(update_fields=["values"])
    yield from _remove_what_is_known(person)
    for stretch in scanning.stretches(erasure.place):
        found = scanning.look(stretch, person)
        erasure.place = scanning.place_of(stretch)
        yield found.removed, found.left
    yield from _remove_what_is_known(find(erasure.values))  # what came meanwhile


def _remove_what_is_known(
    person: Person,
) -> Iterator[tuple[Counter[str], Counter[str]]]:
    nothing: Counter[str] = Counter()
    while person.conversations:
        for step in (removing.remove_messages, removing.remove_events):
            while removed := step(person):
                yield removed, nothing
        if removed := removing.remove_conversations(person):
            yield removed, nothing
            return


def _clean(erasure: Erasure) -> None:
    """Do what is quick, and is done again if it was not noted."""
    matching = find(erasure.values).matching
    removed, left = cleaning.clean_spool(matching)
    texts = cleaning.clean_texts(matching)
    erasure.reason = matching.without(erasure.reason)
    _note(erasure, removed + texts + cleaning.drop_exports(), left)


def _drain_what_came_before(erasure: Erasure) -> None:
    waiting = Callback.objects.filter(
        state=Callback.State.PENDING, received_at__lt=erasure.started_at
    )
    ends_at = time.monotonic() + _WAITS_S
    while waiting.exists() and time.monotonic() < ends_at:
        if not drain(for_seconds=5)["callbacks"]:
            time.sleep(0.5)  # another drain has them, or they wait for another try


def _note(erasure: Erasure, removed: Counter[str], left: Counter[str]) -> None:
    """Add what a step did to the certificate, with how far it came."""
    with transaction.atomic():
        erasure.removed = _sum(erasure.removed, removed)
        erasure.left = _sum(erasure.left, left)
        erasure.save(update_fields=["removed", "left", "place"])


def _sum(before: dict[str, int], more: Counter[str]) -> dict[str, int]:
    return dict(sorted((Counter(before) + more).items()))


def _finish(erasure: Erasure) -> None:
    waiting = Callback.objects.filter(
        state=Callback.State.PENDING, received_at__lt=erasure.started_at
    ).count()
    if waiting:
        erasure.left["callbacks that could not be read: erase again when they are"] = (
            waiting
        )
    erasure.left = {**erasure.left, **_ALWAYS_LEFT}
    erasure.state = Erasure.State.DONE
    erasure.values, erasure.place = [], None
    erasure.finished_at = timezone.now()
    erasure.save()
    log.info("person_erased", erasure=erasure.pk, removed=erasure.removed)
