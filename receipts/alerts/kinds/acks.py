"""Acknowledgements that take much of the time that the provider gives."""

from collections.abc import Iterator
from datetime import timedelta

from channels_cfg import registry
from receipts import acks
from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find channels whose slowest acks come near the provider's limit."""
    rows = [row for row in look.channels if rules.is_on(KIND.slug, row.pk)]
    since = look.now - timedelta(minutes=rules.limits(KIND)["minutes"])
    slowest = acks.slowest([row.pk for row in rows], since) if rows else {}
    for row in rows:
        adapter = registry.adapters().get(row.provider)
        p99 = slowest.get(row.pk)
        if p99 is None or adapter is None:
            continue
        limit_ms = adapter.limits.ack_limit.total_seconds() * 1000
        share = 100 * p99 / limit_ms
        if share > rules.limits(KIND, row.pk)["share"]:
            yield Finding(
                subject=row.key,
                channel_id=row.pk,
                level=Level.CRITICAL,
                summary=f"{row.name}: acknowledging takes {share:.0f} % of the time "
                "it may",
                facts={
                    "Slowest acknowledgements (p99)": f"{p99:,.0f} ms",
                    "The provider waits": f"{limit_ms:,.0f} ms",
                },
                path=f"/admin/arrivals/{row.pk}/",
            )


KIND = AlertKind(
    slug="ack",
    label="Slow acknowledgements",
    tells="The p99 of the latest acks takes much of the time that the provider gives.",
    judge=judge,
    limits=(
        Limit(
            name="share",
            label="Share of the provider's limit",
            default=50,
            unit="%",
            least=1,
            most=100,
        ),
        Limit(
            name="minutes",
            label="Pushes of the last",
            default=15,
            unit="min",
            least=1,
            most=1440,
        ),
    ),
)
