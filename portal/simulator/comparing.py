"""Compares what a provider told with what the portal shows. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from channels_cfg.wire import FAILURES, RANKS, Kind, Status
from portal.simulator import shown
from portal.simulator.items import Expected

_ON_THE_PHONE = RANKS[Status.DELIVERED]
_OF_MESSAGES = frozenset({Kind.STATUS, Kind.INBOUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What a message must look like: worked out here, not by the portal's own fold."""

    status: str
    contradiction: bool = False
    error_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is not as it must be; empty when all is well."""

    visible: int
    missing: tuple[Expected, ...]
    doubled: tuple[Expected, ...]
    untold: tuple[Expected, ...]  # of our messages, and nobody told it
    visible_messages: int
    missing_messages: tuple[str, ...]
    doubled_messages: tuple[str, ...]
    wrong_messages: tuple[str, ...]  # "id: read, expected delivered"

    @property
    def is_missing(self) -> bool:
        """Say whether waiting may help: something is not there yet, or not yet so."""
        return bool(self.missing or self.missing_messages or self.wrong_messages)

    @property
    def is_none(self) -> bool:
        """Say whether everything is as it must be."""
        too_much = self.doubled or self.untold or self.doubled_messages
        return not (self.is_missing or too_much)


class Seen:
    """What the API has shown so far, however often it was asked: ids tell rows apart."""

    def __init__(self) -> None:
        self.receipts: dict[str, shown.Receipt] = {}
        self.messages: dict[str, shown.Message] = {}

    def add_receipts(self, rows: Iterable[shown.Receipt]) -> None:
        self.receipts.update((row.id, row) for row in rows)

    def add_messages(self, rows: Iterable[shown.Message]) -> None:
        self.messages.update((row.id, row) for row in rows)

    def forget(self) -> None:
        """Forget all: a row that was shown once may be gone."""
        self.receipts.clear()
        self.messages.clear()


def compare(
    acknowledged: Collection[Expected],
    unproven: Collection[Expected],
    seen: Seen,
    *,
    since: datetime,
) -> Difference:
    """Return how ``seen`` differs from what was told.

    What was acknowledged must be there, once. What is ``unproven`` may be. Audits have
    no id: one from before ``since`` stands for an equal one of now.
    """
    times = _times(seen, since)
    present = {told for told in unproven if times[told]}
    fates = fates_of({*acknowledged, *present})
    ours = {told.message_id for told in (*acknowledged, *unproven)} - {""}
    told_of = {*acknowledged, *unproven}
    rows = _by_message(seen, ours)
    return Difference(
        visible=sum(1 for told in acknowledged if times[told]),
        missing=tuple(told for told in acknowledged if not times[told]),
        doubled=tuple(told for told in told_of if times[told] > 1),
        untold=tuple(t for t in times if t.message_id in ours and t not in told_of),
        visible_messages=sum(1 for about in fates if rows.get(about)),
        missing_messages=tuple(about for about in fates if not rows.get(about)),
        doubled_messages=tuple(about for about in rows if len(rows[about]) > 1),
        wrong_messages=tuple(_wrong(fates, rows)),
    )


def _times(seen: Seen, since: datetime) -> Counter[Expected]:
    """Return how often each thing is shown."""
    now: Counter[Expected] = Counter()
    before: Counter[Expected] = Counter()
    for row in seen.receipts.values():
        (now if row.received_at >= since else before)[row.told] += 1
    for told, count in before.items():
        if told.message_id or told not in now:
            now[told] += count if told.message_id else 1
    return now


def _by_message(seen: Seen, ours: Collection[str]) -> dict[str, list[shown.Message]]:
    found: dict[str, list[shown.Message]] = {}
    for row in seen.messages.values():
        if row.message_id in ours:
            found.setdefault(row.message_id, []).append(row)
    return found


def _wrong(
    fates: Mapping[str, Fate], rows: Mapping[str, list[shown.Message]]
) -> Iterable[str]:
    for about, fate in fates.items():
        for row in rows.get(about, ()):
            is_so = Fate(
                status=row.status,
                contradiction=row.contradiction,
                error_code=(row.error and row.error.code) or "",
            )
            if is_so != fate:
                yield f"{about}: {_said(is_so)}, expected {_said(fate)}"


def _said(fate: Fate) -> str:
    contradiction = " with contradiction" if fate.contradiction else ""
    return " ".join(filter(None, (fate.status, fate.error_code))) + contradiction


def fates_of(told: Iterable[Expected]) -> dict[str, Fate]:
    """Return what each message must look like, by its id."""
    of_message: dict[str, list[Expected]] = {}
    for each in told:
        if each.kind in _OF_MESSAGES:
            of_message.setdefault(each.message_id, []).append(each)
    return {about: _fate(told) for about, told in of_message.items()}


def _fate(told: Iterable[Expected]) -> Fate:
    """Fold what was told of one message; of several legs the one that got furthest."""
    legs: dict[str, list[Expected]] = {}
    for each in told:
        if each.kind is Kind.INBOUND:
            return Fate(status=Status.RECEIVED)
        legs.setdefault(each.channel_type, []).append(each)
    folded = [_fold(leg) for leg in legs.values()]
    return max(folded, key=lambda leg: (leg[0], bool(leg[1].error_code)))[1]


def _fold(leg: Iterable[Expected]) -> tuple[int, Fate]:
    progress, failure, code, furthest = 0, "", "", str(Status.UNKNOWN)
    for each in leg:
        rank = RANKS.get(each.word, 0)
        if rank > progress:
            progress, furthest = rank, each.word
        if each.word in FAILURES:
            failure, code = each.word, each.detail
    is_arrived = progress >= _ON_THE_PHONE
    status = failure if failure and not is_arrived else furthest
    fate = Fate(
        status=status,
        contradiction=bool(failure) and is_arrived,
        error_code=code,
    )
    return progress, fate
