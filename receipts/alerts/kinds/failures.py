"""Failures above their usual rate, by error code and by template."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from urllib.parse import urlencode

from django.db.models import Sum

from channels_cfg.models import Channel
from channels_cfg.wire import FAILURES, Kind
from receipts.alerts import samples
from receipts.alerts.findings import AlertKind, Finding, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.models import ReceiptCount

USUAL = timedelta(days=7)
_HOUR = timedelta(hours=1)
# By chance a count rarely leaves its mean by more than this many deviations.
_BEYOND_CHANCE = 4

Part = tuple[int, str, str | None]  # channel, code or template, which


@dataclass(slots=True, kw_only=True)
class Rates:
    """Failures and all statuses of a time, by channel and its parts."""

    failures: Counter[Part]
    statuses: Counter[Part]

    def share(self, part: Part) -> float:
        """Return failures of ``part`` among its statuses, between 0 and 1."""
        return self.failures[part] / max(1, self.statuses[_whole(part)])


def _whole(part: Part) -> Part:
    """Return what a part's failures are a share of: a code's are of the channel."""
    return part if part[1] == "template" else (part[0], "channel", None)


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find codes and templates that fail more than in the week before."""
    names = {row.pk: row for row in look.channels if rules.is_on(KIND.slug, row.pk)}
    limits = {pk: rules.limits(KIND, pk) for pk in names}
    hours = max((each["hours"] for each in limits.values()), default=0)
    start = look.now.replace(minute=0, second=0, microsecond=0) - _HOUR * (hours - 1)
    lately = _rates(names, start, look.now + _HOUR)
    many = [
        part
        for part, count in lately.failures.items()
        if count >= limits[part[0]]["least"] and _can_be_told(part)
    ]
    if not many:
        return
    usual = _rates({part[0] for part in many}, start - USUAL, start)
    for part in sorted(many, key=str):
        if _is_worse(part, lately, usual, limits[part[0]]["times"]):
            yield _told(names[part[0]], part, lately, usual, since=start)


def _is_worse(part: Part, lately: Rates, usual: Rates, times: float) -> bool:
    now, before = lately.share(part), usual.share(part)
    whole = lately.statuses[_whole(part)]
    expected = before * whole
    is_chance = lately.failures[part] <= expected + _BEYOND_CHANCE * sqrt(expected)
    if now <= times * before or is_chance:
        return False
    # A template that fails as all others do is no news: the code says it.
    channel = (part[0], "channel", None)
    return part[1] == "code" or now > times * lately.share(channel)


def _rates(channels: Iterable[int], start: datetime, end: datetime) -> Rates:
    rows = (
        ReceiptCount.objects.between(start, end)
        .filter(kind=Kind.STATUS, channel_id__in=list(channels))
        .values_list("channel_id", "status", "error_code", "template_code")
        .order_by()
        .annotate(total=Sum("n"))
    )
    rates = Rates(failures=Counter(), statuses=Counter())
    for channel, status, code, template, total in rows:
        whole: Part = (channel, "channel", None)
        by_template: Part = (channel, "template", template)
        rates.statuses.update({whole: total, by_template: total})
        if status in FAILURES:
            by_code: Part = (channel, "code", code)
            rates.failures.update({by_code: total, by_template: total, whole: total})
    return rates


def _can_be_told(part: Part) -> bool:
    return part[1] == "code" or (part[1] == "template" and part[2] is not None)


def _told(
    channel: Channel, part: Part, lately: Rates, usual: Rates, *, since: datetime
) -> Finding:
    _, what, which = part
    count, whole = lately.failures[part], lately.statuses[_whole(part)]
    name = f"{what} {which}" if which else f"without a {what}"
    now, before = 100 * lately.share(part), 100 * usual.share(part)
    field = "error_code" if what == "code" else "template_code"
    search = {field: which} if which else {"status": "failed"}
    return Finding(
        subject=f"{channel.key}/{what}/{which or ''}"[:300],
        channel_id=channel.pk,
        summary=f"{channel.name}: failures {'of ' if which else ''}{name}: "
        f"{count:,} of {whole:,} statuses ({now:.1f} %, usually {before:.1f} %)",
        facts=_facts(what, which, now=now, before=before),
        path="/admin/receipts/?" + urlencode({"channel": channel.key, **search}),
        samples=samples.receipts(channel.pk, {field: which}, since, is_failure=True),
    )


def _facts(
    what: str, which: str | None, *, now: float, before: float
) -> Mapping[str, str]:
    return {
        what.capitalize(): which or "none",
        "Failed lately": f"{now:.1f} % of statuses",
        "Failed in the week before": f"{before:.1f} % of statuses",
    }


KIND = AlertKind(
    slug="failures",
    label="Failures above usual",
    tells="A code, or a template, fails clearly more often than in the week before.",
    judge=judge,
    limits=(
        Limit(name="least", label="Failures at least", default=20, least=1),
        Limit(name="times", label="Times the usual share", default=2, least=1),
        Limit(
            name="hours",
            label="Looked at: the present hour and those before, in all",
            default=2,
            unit="h",
            least=1,
            most=24,
        ),
    ),
    clear=15,
)
