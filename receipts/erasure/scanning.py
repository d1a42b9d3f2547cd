"""One look at every row that no index leads to: bytes and payloads that name a person.

Table by table, some pages at a time, each with its own short transaction.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connection, transaction

from channels_cfg import registry
from channels_cfg.wire import BadBody, BadItem
from receipts.erasure.person import Person
from receipts.erasure.removing import fold_anew, forget, place
from receipts.processing import gate
from receipts.processing.directory import directory
from receipts.processing.json_rows import run
from receipts.processing.reading import read_item
from receipts.processing.redacted import ERASED, adapter_of, redact, split

PAGES = 1000
SCANNED = ("receipts_receipt", "receipts_callback", "receipts_quarantineditem")
# Named in what belongs to others, who are not the person's to erase.
MENTIONS = "mentions in what others wrote"
MASKED = "unreadable bodies: the numbers were starred out, the rest may be theirs"

_LEAVES = """
SELECT leaf.relid::regclass::text,
    pg_relation_size(leaf.relid) / current_setting('block_size')::int
FROM pg_partition_tree(%s::regclass) leaf WHERE leaf.isleaf
UNION ALL
SELECT %s, pg_relation_size(%s::regclass) / current_setting('block_size')::int
WHERE NOT EXISTS (SELECT FROM pg_partition_tree(%s::regclass))
ORDER BY 1
"""
_WITHIN = "ctid >= %s::tid AND ctid < %s::tid"
# The escaped form has the digits and letters of any bytes as they are.
_FIND = {
    "receipts_receipt": (
        "SELECT id, received_at, channel_id, digest, callback_id, position, "
        f"message_id, identities FROM {{leaf}} WHERE {_WITHIN} AND payload ~ %s"
    ),
    "receipts_callback": (
        f"SELECT id, received_at FROM {{leaf}} WHERE {_WITHIN} "
        "AND state <> 'pending' AND encode(body, 'escape') ~ %s"
    ),
    "receipts_quarantineditem": (
        f"SELECT id FROM {{leaf}} WHERE {_WITHIN} AND encode(item, 'escape') ~ %s"
    ),
}
_CALLBACK = (
    "SELECT channel_id, body, redacted_at, receipt_type FROM receipts_callback "
    "WHERE id = %s AND received_at = %s FOR UPDATE"
)


class Found(msgspec.Struct):
    """What a look removed, and what it had to leave."""

    removed: Counter[str]
    left: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some pages of one partition of a table."""

    table: str
    leaf: str
    first: int


def stretches(after: Sequence[object] | None) -> Iterator[Stretch]:
    """Yield all pages in order, those beyond ``after`` (table, leaf, first) alone."""
    done = tuple(after) if after else None
    for number, table in enumerate(SCANNED):
        with connection.cursor() as cursor:
            cursor.execute(_LEAVES, [table] * 4)
            leaves = cursor.fetchall()
        for leaf, pages in leaves:
            for first in range(0, pages, PAGES):
                if done is None or (number, leaf, first) > done:
                    yield Stretch(table=table, leaf=leaf, first=first)


def place_of(stretch: Stretch) -> list[object]:
    """Return what ``stretches`` goes on after."""
    return [SCANNED.index(stretch.table), stretch.leaf, stretch.first]


def look(stretch: Stretch, person: Person) -> Found:
    """Remove what names the person on these pages."""
    found = Found(Counter(), Counter())
    if not person.matching.values or not _is_there(stretch.leaf):
        return found  # retention dropped it meanwhile
    sql = _FIND[stretch.table].format(leaf=stretch.leaf)
    pages = (f"({stretch.first},0)", f"({stretch.first + PAGES},0)")
    rows = run(sql, *pages, person.matching.sql)
    for row in rows:
        with transaction.atomic():
            gate.close()
            _DO[stretch.table](row, person, found)
    return found


def _is_there(leaf: str) -> bool:
    ((is_there,),) = run("SELECT to_regclass(%s) IS NOT NULL", leaf)
    return bool(is_there)


def _receipt(row: Sequence[Any], person: Person, found: Found) -> None:
    *where, message_id, identities = row
    if person.is_named(identities) is False:
        found.left[MENTIONS] += 1
        return
    of = place(where)
    found.removed += forget([of])
    if message_id:
        fold_anew([(of.channel_id, str(message_id))])


def _callback(row: Sequence[Any], person: Person, found: Found) -> None:
    callback_id, received_at = row
    kept = run(_CALLBACK, callback_id, received_at)
    if not kept:
        return
    channel_id, body, redacted_at, receipt_type = kept[0]
    try:
        items = split(
            adapter_of(channel_id), bytes(body), is_redacted=redacted_at is not None
        )
    except BadBody:
        _star_out("receipts_callback", "body", callback_id, person, found)
        return
    gone = set()
    for position, item in enumerate(items):
        if item != ERASED and person.matching.is_in_bytes(item):
            if _is_of_another(item, channel_id, receipt_type, person):
                found.left[MENTIONS] += 1
            else:
                gone.add(position)
    if gone:
        found.removed["callback items"] += redact(callback_id, received_at, gone)


def _is_of_another(
    item: bytes, channel_id: int, receipt_type: str, person: Person
) -> bool:
    """Tell whether an item names somebody, and somebody else."""
    place = directory([channel_id]).places[channel_id]
    try:
        event, _ = read_item(
            registry.adapter(place.provider), receipt_type, item, place.type
        )
    except BadItem:
        return False
    named = [{"kind": one.kind, "value": one.value} for one in event.identities]
    return person.is_named(named) is False


def _quarantined(row: Sequence[Any], person: Person, found: Found) -> None:
    (pk,) = row
    rows = run(
        "SELECT position, callback_id, received_at FROM receipts_quarantineditem "
        "WHERE id = %s FOR UPDATE",
        pk,
    )
    for position, callback_id, received_at in rows:
        if position is None:
            _star_out("receipts_quarantineditem", "item", pk, person, found)
        else:
            redact(callback_id, received_at, {position})
            found.removed["quarantined items"] += 1


def _star_out(
    table: str, column: str, pk: object, person: Person, found: Found
) -> None:
    """Put stars for the person where nobody can tell whose item is whose."""
    ((body,),) = run(f"SELECT {column} FROM {table} WHERE id = %s", pk)
    starred = person.matching.starred(bytes(body))
    run(f"UPDATE {table} SET {column} = %s WHERE id = %s", starred, pk)
    if table == "receipts_callback":
        found.left[MASKED] += 1


_DO = {
    "receipts_receipt": _receipt,
    "receipts_callback": _callback,
    "receipts_quarantineditem": _quarantined,
}
