"""Replay: kept callbacks are read again, and the new readings replace the old.

What an item gave before is found by its place, (callback, position), not by its key.
Raw bytes stay. One transaction a callback; twice gives the same rows.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec
import structlog
from django.db import connection, transaction
from django.utils import timezone

from receipts.ids import span_of
from receipts.models import Callback, QuarantinedItem
from receipts.processing import gate, once, people, replay_rows
from receipts.processing.activity import note_activity
from receipts.processing.claiming import Claimed
from receipts.processing.counts import count_messages, count_receipts
from receipts.processing.drain import retried
from receipts.processing.facts import Fact
from receipts.processing.messages import MessageKey
from receipts.processing.quarantine import set_aside
from receipts.processing.reading import Reading, read_items
from receipts.processing.rebuild import rebuild
from receipts.processing.receipt_rows import insert_receipts, insert_sightings
from receipts.processing.remeasuring import remeasure
from receipts.processing.replay_rows import Before
from receipts.processing.stored import stored_messages
from receipts.processing.templates import keep_templates

log = structlog.get_logger(__name__)


class NotReplayable(Exception):
    """The callback is gone (retention), or it is still waiting for its first reading."""


class Replayed(msgspec.Struct, kw_only=True):
    """What replayed items are now, and how many of them read otherwise than before."""

    receipts: int = 0
    duplicates: int = 0
    quarantined: int = 0
    changed: int = 0

    def add(self, other: "Replayed") -> None:
        """Add what another callback gave."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def replay_item(item: QuarantinedItem, *, dry_run: bool = False) -> Replayed:
    """Replay one quarantined item, or its whole callback when the body was unreadable.

    Raises ``NotReplayable``.
    """
    positions = None if item.position is None else {item.position}
    return replay_callback(item.callback_id, positions=positions, dry_run=dry_run)


def replay_callbacks(ids: Iterable[UUID], *, dry_run: bool = False) -> Replayed:
    """Replay callbacks one after the other; those that cannot be are left out."""
    total = Replayed()
    for callback_id in ids:
        try:
            total.add(replay_callback(callback_id, dry_run=dry_run))
        except NotReplayable as exc:
            log.warning("not_replayed", callback=str(callback_id), reason=str(exc))
    return total


def replay_callback(
    callback_id: UUID,
    *,
    positions: Collection[int] | None = None,
    dry_run: bool = False,
) -> Replayed:
    """Replay one callback, or only some items of it. Raises ``NotReplayable``.

    With ``dry_run`` everything is done and then undone: the answer is what would be.
    """

    def attempt() -> Replayed:
        with transaction.atomic():
            gate.pass_through()
            replayed = _replay(_locked(callback_id), positions)
            if dry_run:
                transaction.set_rollback(True)
            return replayed

    return retried(attempt)


def _locked(callback_id: UUID) -> Callback:
    wanted = Callback.objects.select_for_update().filter(pk=callback_id)
    if span := span_of(callback_id):
        wanted = wanted.filter(received_at__gte=span[0], received_at__lt=span[1])
    callback = wanted.first()
    if callback is None:
        raise NotReplayable("its raw callback is no longer kept")
    if callback.state == Callback.State.PENDING:
        raise NotReplayable("its callback is still waiting for its first reading")
    return callback


def _replay(callback: Callback, positions: Collection[int] | None) -> Replayed:
    reading = read_items([_claimed(callback)])
    if positions is not None:
        reading.facts = [f for f in reading.facts if f.position in positions]
        reading.set_aside = [s for s in reading.set_aside if s.position in positions]
    olds = replay_rows.before(callback.id, callback.received_at)
    if positions is not None:
        olds = {place: old for place, old in olds.items() if place in positions}
    changed = _replace(reading.facts, olds, callback)
    _close_quarantine(callback, reading, positions)
    _retell(callback, reading)
    own = sum(fact.is_new for fact in reading.facts)
    return Replayed(
        receipts=own,
        duplicates=len(reading.facts) - own,
        quarantined=len(reading.set_aside),
        changed=changed,
    )


def _claimed(callback: Callback) -> Claimed:
    return Claimed(
        id=callback.id,
        received_at=callback.received_at,
        channel_id=callback.channel_id,
        receipt_type=callback.receipt_type,
        mode=callback.mode,
        body=bytes(callback.body),
        offered_at=callback.offered_at or callback.received_at,
        attempts=callback.attempts,
        is_redacted=callback.redacted_at is not None,
    )


def _replace(facts: Sequence[Fact], olds: dict[int, Before], callback: Callback) -> int:
    """Let ``facts`` take the place of what ``olds`` were; return how many differ."""
    kept = [fact for fact in facts if _keeps_key(fact, olds)]
    moved = [fact for fact in facts if not _keeps_key(fact, olds)]
    places = {fact.position for fact in kept}
    gone = [old for place, old in olds.items() if place not in places]
    for fact in kept:
        fact.receipt_id = olds[fact.position].receipt_id
        fact.is_new = olds[fact.position].is_new
    replay_rows.forget(callback.id, gone)
    once.settle(moved)
    replay_rows.sight_again([fact for fact in moved if fact.is_gone])
    facts = [fact for fact in facts if not fact.is_gone]
    moved = [fact for fact in moved if not fact.is_gone]
    for fact in moved:
        if old := olds.get(fact.position):
            replay_rows.follow(old, fact)
    keys = _message_keys(facts, olds.values())
    stored = stored_messages(keys)
    people.resolve(facts, [row for rows in stored.values() for row in rows])
    changed = _count_changed(kept, olds) + len(moved) + len(gone)
    replay_rows.replace_readings(kept)
    insert_receipts([fact for fact in moved if fact.is_new])
    insert_sightings([fact for fact in moved if not fact.is_new])
    _refold(facts, keys)
    replay_rows.uncount(olds.values())
    count_receipts([fact for fact in facts if fact.is_new])
    return changed


def _keeps_key(fact: Fact, olds: dict[int, Before]) -> bool:
    old = olds.get(fact.position)
    return old is not None and old.is_same_key(fact)


def _message_keys(facts: Sequence[Fact], olds: Iterable[Before]) -> set[MessageKey]:
    keys = {(f.channel_id, f.event.message_id) for f in facts if f.is_of_message}
    return keys | {(old.channel_id, old.message_id) for old in olds if old.message_id}


def _count_changed(kept: Sequence[Fact], olds: dict[int, Before]) -> int:
    """Return how many readings differ in what counts: kind, status, error, template."""
    return sum(
        (fact.event.kind, fact.event.status, fact.event.template_code or None)
        != (
            olds[fact.position].kind,
            olds[fact.position].status,
            olds[fact.position].template_code,
        )
        or ((fact.event.failure and fact.event.failure.code) or None)
        != olds[fact.position].error_code
        for fact in kept
    )


def _refold(facts: Sequence[Fact], keys: Collection[MessageKey]) -> None:
    fresh: dict[MessageKey, list[Fact]] = {key: [] for key in keys}
    for fact in facts:
        if fact.is_of_message:
            fresh[fact.channel_id, fact.event.message_id].append(fact)
    rebuilt = rebuild(fresh)
    note_activity([*facts, *rebuilt.facts], rebuilt.rows)
    remeasure(rebuilt.rows)
    keep_templates(facts)
    count_messages(rebuilt.rows)


def _close_quarantine(
    callback: Callback, reading: Reading, positions: Collection[int] | None
) -> None:
    """Close what can be read by now; what still cannot stays open, with its reason."""
    still = {each.position for each in reading.set_aside}
    closing = QuarantinedItem.objects.filter(callback_id=callback.id).exclude(
        state=QuarantinedItem.State.REPLAYED
    )
    if positions is not None:
        closing = closing.filter(position__in=positions)
    done = [item.pk for item in closing if item.position not in still]
    closing.filter(pk__in=done).update(
        state=QuarantinedItem.State.REPLAYED, closed_at=timezone.now()
    )
    set_aside(reading.set_aside)


_RETELL = """
UPDATE receipts_callback AS c SET
    new = (SELECT count(*) FROM receipts_receipt
        WHERE callback_id = c.id AND received_at = c.received_at),
    duplicates = (SELECT count(*) FROM receipts_sighting
        WHERE callback_id = c.id AND received_at = c.received_at),
    quarantined = q.n, items = %s, error = %s, processed_at = clock_timestamp(),
    state = CASE WHEN %s THEN 'failed' WHEN q.n > 0 THEN 'partly' ELSE 'done' END
FROM (SELECT count(*) AS n FROM receipts_quarantineditem
    WHERE callback_id = %s AND state = 'open') AS q
WHERE c.id = %s AND c.received_at = %s
"""


def _retell(callback: Callback, reading: Reading) -> None:
    """Say on the callback what became of it by now."""
    (outcome,) = reading.outcomes
    is_failed = outcome.state == "failed"
    with connection.cursor() as cursor:
        cursor.execute(
            _RETELL,
            [
                outcome.items,
                outcome.error,
                is_failed,
                callback.id,
                callback.id,
                callback.received_at,
            ],
        )
        if callback.redacted_at is not None:  # what was erased counts no more
            cursor.execute(
                "UPDATE receipts_callback SET items = new + duplicates + quarantined "
                "WHERE id = %s AND received_at = %s",
                [callback.id, callback.received_at],
            )
