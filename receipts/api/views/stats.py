"""Counts of receipts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from receipts import shapes
from receipts.api import asking, described, examples
from receipts.api.base import ApiView
from receipts.api.described import Parameter
from receipts.api.problems import ApiProblem
from receipts.models import ReceiptCount
from receipts.querysets.bounded import bounded
from receipts.querysets.days import daily_counts
from receipts.search import BadParameters, Mistake
from receipts.search.parameters import BAD_MOMENT, moment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = {"hour": HOUR, "day": DAY}
DEFAULT_SPANS = {"hour": DAY, "day": 31 * DAY}
WIDEST = {"hour": 31 * DAY, "day": 400 * DAY}
GROUPS = {
    "channel": "channel__key",
    "kind": "kind",
    "status": "status",
    "error_code": "error_code",
    "template_code": "template_code",
}
MOST_ROWS = 10_000
FIRST_YEAR, LAST_YEAR = 1970, 9000  # days can be added to them


class Stats(ApiView):
    """How many new receipts came, by hour or day of ``received_at``."""

    answer = examples.one(examples.STATS)
    problems = ("too-costly",)

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return what to count, and of when."""
        moment = {"type": "string", "format": "date-time"}
        return [
            described.one_of("interval", STEPS, "Default `hour`."),
            Parameter(
                name="from",
                schema=moment,
                description="Inclusive; by default a day of hours, or 31 days.",
            ),
            Parameter(name="to", schema=moment, description="Exclusive."),
            described.comma_list("group_by", GROUPS),
        ]

    def get(self, request: Request) -> Response:
        """Return the counts of each group that was asked for."""
        given = asking.once_each(request)
        asking.only(given, ("interval", "from", "to", "group_by"))
        interval = asking.word(given, "interval", STEPS) or "hour"
        start, end = span(given, interval, timezone.now())
        groups = _groups(given)
        with bounded():
            rows = self._counted(interval, (start, end), groups)
        if len(rows) > MOST_ROWS:
            raise ApiProblem(
                "too-costly", f"Over {MOST_ROWS} rows: fewer groups, a shorter span."
            )
        return Response(
            shapes.Stats(
                interval=interval,
                from_=start,
                to=end,
                results=[_row(row, groups) for row in rows],
            )
        )

    def _counted(
        self, interval: str, span: tuple[datetime, datetime], groups: Sequence[str]
    ) -> list[dict[str, Any]]:
        columns = [GROUPS[group] for group in groups]
        channels, most = self.caller.channels, MOST_ROWS + 1
        if interval == "day":
            return daily_counts(span, columns, limit=most, channels=channels)
        counts = ReceiptCount.objects.between(*span)
        if channels is not None:
            counts = counts.filter(channel__in=channels)
        return counts.by_hour(columns, most)


def _row(row: Mapping[str, Any], groups: list[str]) -> shapes.StatsRow:
    values = {group: row[GROUPS[group]] for group in groups}
    return shapes.StatsRow(start=row["start"], count=row["count"], **values)


def _groups(given: Mapping[str, str]) -> list[str]:
    words = given["group_by"].split(",") if "group_by" in given else []
    unknown = [word for word in words if word not in GROUPS]
    if unknown or len(set(words)) < len(words):
        detail = f"Give a comma list of: {', '.join(GROUPS)}; each once."
        raise BadParameters([Mistake("group_by", detail, list(GROUPS))])
    return words


def span(
    given: Mapping[str, str], interval: str, now: datetime
) -> tuple[datetime, datetime]:
    """Return from when to when to count: full intervals that hold what was given.

    Without ``from`` it is a day of hours, or 31 days. Raises ``BadParameters``.
    """
    step = STEPS[interval]
    to = _moment(given, "to")
    end = _floor(now, step) + step if to is None else _ceiling(to, step)
    begin = _moment(given, "from")
    start = end - DEFAULT_SPANS[interval] if begin is None else _floor(begin, step)
    if end - start > WIDEST[interval]:
        days = WIDEST[interval].days
        detail = f"At most {days} days of interval={interval} are counted at once."
        raise BadParameters([Mistake("from", detail)])
    if end < start:
        raise BadParameters([Mistake("to", "Give a time after from.")])
    return start, end


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        at = moment(given[name])
    except ValueError:
        raise BadParameters([Mistake(name, BAD_MOMENT)]) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadParameters([Mistake(name, BAD_MOMENT)])
    return at


def _floor(at: datetime, step: timedelta) -> datetime:
    return at.replace(
        hour=0 if step == DAY else at.hour, minute=0, second=0, microsecond=0
    )


def _ceiling(at: datetime, step: timedelta) -> datetime:
    floor = _floor(at, step)
    return floor if floor == at else floor + step
