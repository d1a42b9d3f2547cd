"""Who may read which pending callbacks: claims, fenced by a lease token."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings

from receipts.processing import holders
from receipts.processing.json_rows import as_json, recordset, run, run_named

SET_ASIDE_AFTER = 5  # attempts
# A callback whose reader died once is read among few, then alone.
_FEW = 20
# Bytes a second that a reader surely does, so that a huge callback keeps its lease.
_SLOWEST_PACE = 100_000.0

_CLAIM = """
WITH free AS (
    SELECT id, received_at, attempts, octet_length(body) AS size
    FROM receipts_callback
    WHERE state = 'pending'
        -- What a clock that runs ahead has dated must not wait for that time to come.
        AND (received_at <= now() - %(older_than)s * interval '1 s' OR received_at > now())
        AND (lease_until IS NULL OR lease_until < now())
        AND (next_attempt_at IS NULL OR next_attempt_at <= now())
    ORDER BY received_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), ranked AS (
    SELECT *, row_number() OVER waiting AS place,
        sum(size) OVER waiting - size AS before,
        first_value(least(attempts, 2)) OVER waiting AS tried
    FROM free WINDOW waiting AS (ORDER BY received_at, id)
)
UPDATE receipts_callback AS c SET attempts = c.attempts + 1,
    lease_token = %(token)s, lease_until = now() + (%(lease)s + r.size / %(pace)s) * interval '1 s'
FROM ranked r
WHERE c.id = r.id AND c.received_at = r.received_at
    AND least(r.attempts, 2) = r.tried AND r.before < %(bytes)s
    AND r.place <= CASE r.tried WHEN 0 THEN %(limit)s WHEN 1 THEN %(few)s ELSE 1 END
RETURNING c.id, c.received_at, c.channel_id, c.receipt_type, c.mode, c.body,
    c.offered_at, c.attempts
"""
_HOLD = (
    "SELECT c.id FROM receipts_callback c "
    f"JOIN {recordset('id uuid, received_at timestamptz')} "
    "ON c.id = x.id AND c.received_at = x.received_at "
    "WHERE c.lease_token = %s ORDER BY c.received_at, c.id FOR UPDATE OF c"
)
_FINISH = (
    "UPDATE receipts_callback AS c SET state = x.state, items = x.items, new = x.new, "
    "duplicates = x.duplicates, quarantined = x.quarantined, error = x.error, "
    "processed_at = clock_timestamp(), lease_token = NULL, lease_until = NULL FROM "
    + recordset(
        "id uuid, received_at timestamptz, state text, items integer, new integer, "
        "duplicates integer, quarantined integer, error text"
    )
    + " WHERE c.id = x.id AND c.received_at = x.received_at"
)
_PUT_BACK = """
UPDATE receipts_callback SET error = %s, lease_token = NULL, lease_until = NULL,
    next_attempt_at = now() + least(900, 5 * power(3, attempts - 1)) * interval '1 s',
    state = CASE WHEN attempts >= %s THEN 'failed' ELSE 'pending' END,
    processed_at = CASE WHEN attempts >= %s THEN clock_timestamp() END
WHERE id = %s AND received_at = %s AND lease_token = %s
"""
# Leases stand on the oldest that are pending: a look costs the same in any backlog.
_LEASED = """
WITH oldest AS (
    SELECT lease_token, lease_until, attempts FROM receipts_callback
    WHERE state = 'pending' ORDER BY received_at, id LIMIT 3000
)
SELECT DISTINCT lease_token FROM oldest WHERE lease_until > now() AND attempts <= %s
"""
_FREE = """
WITH dead AS (
    SELECT id, received_at FROM receipts_callback
    WHERE state = 'pending' AND lease_token = ANY(%s) FOR UPDATE SKIP LOCKED
)
UPDATE receipts_callback AS c SET lease_until = NULL FROM dead
WHERE c.id = dead.id AND c.received_at = dead.received_at RETURNING 1
"""
# Tried that often, a callback goes alone and nobody waits for it: then its lease runs
# out by itself, so that five accidents in a row do not look like a poison.
_FREED_AFTER = 2


class LostLease(Exception):
    """Somebody else holds a callback of this claim by now; nothing may be written."""


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A callback that is ours to read until the lease ends."""

    id: UUID
    received_at: datetime
    channel_id: int
    receipt_type: str
    mode: str
    body: bytes
    offered_at: datetime
    attempts: int
    is_redacted: bool = False


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of callbacks under one lease token."""

    token: UUID
    callbacks: Sequence[Claimed]


class Outcome(msgspec.Struct, kw_only=True):
    """What became of a callback; ``error`` only when its body could not be cut."""

    id: UUID
    received_at: datetime
    state: str = "done"
    items: int = 0
    new: int = 0
    duplicates: int = 0
    quarantined: int = 0
    error: str | None = None


def claim(*, older_than_s: float = 0.0) -> Claim:
    """Claim the oldest pending callbacks, as many as make a batch; maybe none.

    Attempts and lease are committed before the work starts, so a reader that dies is
    counted. Call outside a transaction.
    """
    token = holders.make_token()
    values = {
        "older_than": older_than_s,
        "limit": settings.DRAIN_BATCH_CALLBACKS,
        "bytes": settings.DRAIN_BATCH_BYTES,
        "few": _FEW,
        "token": token,
        "lease": settings.LEASE_S,
        "pace": _SLOWEST_PACE,
    }
    rows = sorted(run_named(_CLAIM, values), key=lambda row: (row[1], row[0]))
    callbacks = [
        Claimed(
            id=row[0],
            received_at=row[1],
            channel_id=row[2],
            receipt_type=row[3],
            mode=row[4],
            body=bytes(row[5]),
            offered_at=row[6] or row[1],
            attempts=row[7],
        )
        for row in rows
    ]
    return Claim(token=token, callbacks=callbacks)


def free_dead() -> int:
    """End the leases of processes of this machine that died; return of how many callbacks.

    What the server may still be writing for them is locked, and passed over.
    """
    tokens = [
        token for (token,) in run(_LEASED, _FREED_AFTER) if holders.is_dead(token)
    ]
    return len(run(_FREE, tokens)) if tokens else 0


def hold(claimed: Claim) -> None:
    """Lock the callbacks of a claim to the end of the transaction.

    Raises ``LostLease`` if the lease of any of them ran out and was taken.
    """
    keys = [{"id": c.id, "received_at": c.received_at} for c in claimed.callbacks]
    held = run(_HOLD, as_json(keys), claimed.token)
    if len(held) != len(keys):
        raise LostLease(f"{len(keys) - len(held)} of {len(keys)} callbacks")


def finish(outcomes: Sequence[Outcome]) -> None:
    """Close callbacks with what became of them."""
    if outcomes:
        run(_FINISH, as_json(outcomes))


def put_back(claimed: Claim, error: str) -> None:
    """Count a failed attempt at a claim of one; set aside after five."""
    for callback in claimed.callbacks:
        where = (callback.id, callback.received_at, claimed.token)
        run(_PUT_BACK, error, SET_ASIDE_AFTER, SET_ASIDE_AFTER, *where)
