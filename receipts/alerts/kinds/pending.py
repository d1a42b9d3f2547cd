"""Callbacks that were acknowledged and are still not read."""

from collections.abc import Iterator
from datetime import timedelta

from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.alerts.words import ago, since_when
from receipts.models import Callback

_COUNTED = 1000


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find out whether the oldest pending callback has waited for too long."""
    limit = timedelta(minutes=rules.limits(KIND)["minutes"])
    pending = Callback.objects.filter(state=Callback.State.PENDING)
    oldest = pending.order_by("received_at", "id").values("id", "received_at").first()
    if oldest is None or look.now - oldest["received_at"] <= limit:
        return
    ids = pending.order_by("received_at", "id").values_list("id", flat=True)
    count = pending.order_by().values("id")[:_COUNTED].count()
    yield Finding(
        subject="",
        level=Level.CRITICAL,
        summary=f"A callback has waited for {ago(oldest['received_at'], look.now)} "
        "to be read",
        facts={
            "Oldest": since_when(oldest["received_at"]),
            "Pending": f"{count:,}{' or more' if count == _COUNTED else ''}",
        },
        path="/admin/callbacks/?state=pending",
        samples=lambda: [f"callback {pk}" for pk in ids[:3]],
    )


KIND = AlertKind(
    slug="pending",
    label="Callbacks not read",
    tells="The oldest callback that waits to be read is too old. Nothing is lost, but "
    "nothing is shown either.",
    judge=judge,
    limits=(
        Limit(name="minutes", label="Oldest pending", default=5, unit="min", least=1),
    ),
    is_of_channels=False,
    clear=1,
)
