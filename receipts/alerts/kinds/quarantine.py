"""Items that cannot be read, more of them than a stray one."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count

from receipts.alerts import samples
from receipts.alerts.findings import AlertKind, Finding, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.models import QuarantinedItem

_MOST = 10_000


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find causes that set aside many items lately."""
    since = look.now - timedelta(minutes=rules.limits(KIND)["minutes"])
    lately = QuarantinedItem.objects.filter(created_at__gte=since).order_by(
        "-created_at", "-id"
    )
    groups = (
        QuarantinedItem.objects.open()
        .filter(pk__in=lately.values("pk")[:_MOST])
        .values_list("channel_id", "cause")
        .annotate(count=Count("pk"))
        .order_by("channel_id", "cause")
    )
    for channel_id, cause, count in groups:
        channel = look.named(channel_id)
        if channel is None or not rules.is_enough(count, KIND, channel_id):
            continue
        query = urlencode({"of": "item", "channel": channel.key, "cause": cause})
        yield Finding(
            subject=f"{channel.key}/{cause}"[:300],
            channel_id=channel_id,
            summary=f"{channel.name}: {count:,} item{'s' * (count != 1)} set aside: "
            f"{cause}",
            facts={"Cause": cause, "Items lately": f"{count:,}"},
            path=f"/admin/problems/cause/?{query}",
            samples=samples.items(channel_id, cause),
        )


KIND = AlertKind(
    slug="quarantine",
    label="Quarantine grows",
    tells="Several items of one cause were set aside because they cannot be read.",
    judge=judge,
    limits=(
        Limit(name="least", label="Open items", default=5, least=1),
        Limit(
            name="minutes",
            label="Set aside within",
            default=60,
            unit="min",
            least=5,
            most=1440,
        ),
    ),
)
