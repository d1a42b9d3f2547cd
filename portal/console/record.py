"""The audit log as one list: changes of the configuration, and acts on what is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from auditlog.models import LogEntry

from receipts.models import AccessRecord

SIZE = 100
_ACTIONS = {0: "made", 1: "changed", 2: "deleted", 3: "looked at"}
ACTS: Mapping[str, str] = {
    AccessRecord.Act.USER_SEARCH: "searched for a person",
    AccessRecord.Act.RAW_VIEW: "fetched raw bytes",
    AccessRecord.Act.REVEAL: "revealed",
    AccessRecord.Act.REPLAY: "replayed",
    AccessRecord.Act.IGNORE: "ignored",
    AccessRecord.Act.TEST_RECEIPT: "sent a test receipt",
    AccessRecord.Act.EXPORT: "exported",
    AccessRecord.Act.EXPORT_DOWNLOAD: "downloaded an export",
    AccessRecord.Act.ERASE: "erased a person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of a changed row, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who did what to what, and why."""

    at: datetime
    who: str
    address: str
    did: str
    subject: str
    reason: str = ""
    changes: tuple[Change, ...] = ()


def lines(before: datetime | None, *, who: str = "", kind: str = "") -> list[Line]:
    """Return up to 100 lines older than ``before``, newest first.

    Lines of the same instant as the last are all given, so that a page that begins
    before it misses none.
    """
    found: list[Line] = []
    if kind != "act":
        found += _changes(before, who)
    if kind != "change":
        found += _acts(before, who)
    found.sort(key=lambda line: line.at, reverse=True)
    if len(found) <= SIZE:
        return found
    last = found[SIZE - 1].at
    return [line for line in found if line.at >= last]


def _given(**filters: datetime | str | None) -> dict[str, datetime | str]:
    return {name: value for name, value in filters.items() if value}


def _changes(before: datetime | None, who: str) -> Iterator[Line]:
    asked = _given(timestamp__lt=before, actor__username=who)
    rows = LogEntry.objects.filter(**asked).select_related("actor", "content_type")
    for row in rows.order_by("-timestamp")[: SIZE + 1]:
        yield Line(
            at=row.timestamp,
            who=row.actor.get_username() if row.actor else "a command",
            address=row.remote_addr or "",
            did=_ACTIONS.get(row.action, "changed"),
            subject=f"{row.content_type.name} {row.object_repr}",
            changes=tuple(_told(row.changes or {})),
        )


def _told(changes: Mapping[str, object]) -> Iterator[Change]:
    for field, change in sorted(changes.items()):
        if isinstance(change, list) and len(change) == 2:
            yield Change(field=field, before=_word(change[0]), after=_word(change[1]))
        elif isinstance(change, dict):  # of a relation
            named = ", ".join(str(each) for each in change.get("objects", ()))
            yield Change(field=field, before="", after=f"{change['operation']} {named}")


def _word(value: object) -> str:
    text = "" if value in (None, "None") else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _acts(before: datetime | None, who: str) -> Iterator[Line]:
    asked = _given(at__lt=before, user__username=who)
    rows = AccessRecord.objects.filter(**asked).select_related("token", "user")
    for row in rows.order_by("-at")[: SIZE + 1]:
        yield Line(
            at=row.at,
            who=row.user.get_username() if row.user else f"token {row.token}",
            address=row.address or "",
            did=ACTS.get(row.act, row.act),
            subject=row.subject,
            reason=row.reason,
        )
