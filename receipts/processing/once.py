"""What makes a receipt once: its key, settled in the transaction of the receipt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from channels_cfg.wire import ReceiptEvent
from receipts.processing.facts import Fact
from receipts.processing.json_rows import as_json, recordset, run

_WINDOWED_HALF = 8  # bytes: the digest of the words, then the instant in microseconds

_INSERT = (
    "INSERT INTO receipts_receiptkey AS k "
    "(channel_id, digest, receipt_id, received_at, reading) "
    "SELECT x.channel_id, decode(x.digest, 'base64'), "
    "nextval('receipts_receipt_id_seq'), x.received_at, x.reading "
    f"FROM {recordset('channel_id bigint, digest text, received_at timestamptz, reading bigint')} "
    "ORDER BY x.channel_id, decode(x.digest, 'base64') "
    "ON CONFLICT (channel_id, digest) DO NOTHING "
    "RETURNING k.channel_id, k.digest, k.receipt_id"
)
# The limit keeps this a probe of one partition for each repeat. A key outlives its
# receipt; that of an erased person has its number negated.
_FIND = (
    "SELECT k.channel_id, k.digest, k.receipt_id, k.reading, r.id IS NULL FROM "
    f"{recordset('channel_id bigint, digest text')} JOIN receipts_receiptkey k "
    "ON k.channel_id = x.channel_id AND k.digest = decode(x.digest, 'base64') "
    "LEFT JOIN LATERAL (SELECT id FROM receipts_receipt r WHERE r.id = k.receipt_id "
    "AND r.received_at = k.received_at LIMIT 1) r ON true"
)
_FIND_NEAR = (
    "SELECT digest FROM receipts_receiptkey "
    "WHERE channel_id = %s AND digest BETWEEN %s AND %s ORDER BY digest LIMIT 1"
)

Key = tuple[int, bytes]


class _Known(msgspec.Struct, frozen=True):
    receipt_id: int
    reading: int
    is_gone: bool = False


def digest_of(event: ReceiptEvent, offered_at: datetime) -> bytes:
    """Return the digest of an event's key, 16 bytes.

    A key that lasts for a while only ends with the instant at which it was offered,
    so that those near it are found by range.
    """
    words = "\x1f".join(event.key).encode()
    if event.key_lasts is None:
        return blake2b(words, digest_size=16).digest()
    return blake2b(words, digest_size=_WINDOWED_HALF).digest() + _micros(offered_at)


_encode = msgspec.json.Encoder(order="deterministic").encode


def reading_of(event: ReceiptEvent) -> int:
    """Return a digest of all that was read, as a signed 64-bit number."""
    return int.from_bytes(blake2b(_encode(event), digest_size=8).digest(), signed=True)


class _KeyRow(msgspec.Struct):
    channel_id: int
    digest: bytes  # msgspec writes base64
    received_at: datetime
    reading: int


def settle(facts: Sequence[Fact]) -> None:
    """Give each fact its ``receipt_id``, and say which are new and which are gone.

    The first of equal facts in a batch is the new one. Waits for other drains that are
    about to keep the same keys.
    """
    _join_near([fact for fact in facts if fact.event.key_lasts is not None])
    keys = [_key_of(fact) for fact in facts]
    firsts: dict[Key, Fact] = {}
    for key, fact in zip(keys, facts, strict=True):
        firsts.setdefault(key, fact)
    rows = [
        _KeyRow(*key, fact.received_at, fact.reading) for key, fact in firsts.items()
    ]
    known = {}
    for channel_id, digest, receipt_id in run(_INSERT, as_json(rows)):
        key = (channel_id, bytes(digest))
        firsts[key].is_new = True
        known[key] = _Known(receipt_id, firsts[key].reading)
    known |= _find([row for row in rows if (row.channel_id, row.digest) not in known])
    for key, fact in zip(keys, facts, strict=True):
        _tell(fact, known[key])


def _tell(fact: Fact, known: _Known) -> None:
    fact.receipt_id = abs(known.receipt_id)
    fact.is_gone, fact.is_erased = known.is_gone, known.receipt_id < 0
    if known.reading == fact.reading or known.is_gone:
        fact.reading = 0  # a repeat that tells nothing else


def _find(rows: Sequence[_KeyRow]) -> dict[Key, _Known]:
    if not rows:
        return {}
    found = run(_FIND, as_json(rows))
    return {(row[0], bytes(row[1])): _Known(*row[2:]) for row in found}


def _key_of(fact: Fact) -> Key:
    return (fact.channel_id, fact.digest)


def _join_near(facts: Sequence[Fact]) -> None:
    """Let facts without id or time take the key of an equal one offered nearby."""
    last: Fact | None = None
    for fact in sorted(facts, key=_key_of):
        lasts = fact.event.key_lasts or timedelta()
        words = fact.digest[:_WINDOWED_HALF]
        near = last is not None and (
            last.channel_id == fact.channel_id
            and last.digest.startswith(words)
            and fact.offered_at - last.offered_at <= lasts
        )
        if near and last is not None:
            fact.digest = last.digest
            continue
        lock = int.from_bytes(words, signed=True) ^ fact.channel_id
        run("SELECT pg_advisory_xact_lock(%s)", lock)
        earliest = words + _micros(fact.offered_at - lasts)
        latest = words + _micros(fact.offered_at + lasts)
        if kept := run(_FIND_NEAR, fact.channel_id, earliest, latest):
            fact.digest = bytes(kept[0][0])
        last = fact


def _micros(moment: datetime) -> bytes:
    return int(moment.timestamp() * 1_000_000).to_bytes(_WINDOWED_HALF)
