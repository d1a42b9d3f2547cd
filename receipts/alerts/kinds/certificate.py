"""The certificate of our public address."""

from collections.abc import Iterator
from datetime import timedelta

from receipts.alerts import certificates
from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.models import Certificate
from receipts.alerts.rules import Rules
from receipts.alerts.words import ago, since_when

_SOON = timedelta(days=3)


def judge(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find out whether the certificate ends soon; one that nobody could see is no news."""
    address = certificates.address()
    row = Certificate.objects.filter(pk=address).first() if address else None
    if row is None or row.ends_at is None:
        return
    left = row.ends_at - look.now
    if left > timedelta(days=rules.limits(KIND)["days"]):
        return
    is_over = left <= timedelta()
    said = "has ended" if is_over else f"ends in {ago(look.now, row.ends_at)}"
    yield Finding(
        subject=row.address,
        level=Level.CRITICAL if left < _SOON else Level.WARNING,
        summary=f"The certificate of {row.address} {said}",
        facts={
            "Ends": since_when(row.ends_at),
            "Last looked": since_when(row.looked_at),
            "Then": "providers refuse to push, and what they do not push is lost",
        },
    )


KIND = AlertKind(
    slug="certificate",
    label="Certificate",
    tells="The certificate of PUBLIC_BASE_URL ends soon.",
    judge=judge,
    limits=(Limit(name="days", label="Ends within", default=14, unit="days", least=1),),
    is_of_channels=False,
    clear=0,
)
