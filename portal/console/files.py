"""What the console gives out as files: what the API exports, and its own lists."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

import msgspec

from portal.console import codes, record
from portal.console.pasted import QuarantineAsked
from receipts import shapes
from receipts.exports.resources import RESOURCES, Resource
from receipts.models import QuarantinedItem
from receipts.presenting.deliveries import show_quarantine

MOST_LINES = 50_000
FILES: Mapping[str, Resource] = {
    **RESOURCES,
    "quarantine": Resource(
        filters=QuarantineAsked,
        rows=lambda: QuarantinedItem.objects.defer("item"),
        show=partial(show_quarantine, with_item=False),
        shape=shapes.QuarantinedItem,
    ),
}


class AuditLine(msgspec.Struct, kw_only=True, frozen=True):
    """One line of the audit log."""

    at: datetime
    who: str
    address: str
    did: str
    subject: str
    reason: str
    changes: list[str]


class CodeLine(msgspec.Struct, kw_only=True, frozen=True):
    """One error code with its count of seven days and what we know of it."""

    provider: str
    code: str
    count: int
    title: str
    owner: str
    advice: str


def audit_lines() -> Iterator[AuditLine]:
    """Yield the audit log, newest first; 50,000 lines at most."""
    before, given = None, 0
    while given < MOST_LINES and (lines := record.lines(before)):
        for line in lines:
            yield AuditLine(
                at=line.at,
                who=line.who,
                address=line.address,
                did=line.did,
                subject=line.subject,
                reason=line.reason,
                changes=[f"{c.field}: {c.before} > {c.after}" for c in line.changes],
            )
        before, given = lines[-1].at, given + len(lines)


def code_lines() -> Iterator[CodeLine]:
    """Yield the codes of seven days, unknown ones first."""
    for each in codes.counted():
        entry = each.entry
        yield CodeLine(
            provider=each.provider,
            code=each.code,
            count=each.count,
            title=entry.title if entry else "",
            owner=entry.owner if entry else "",
            advice=entry.advice if entry else "",
        )
