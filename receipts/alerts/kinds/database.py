"""The database is away: found by no query, told by each sweep from what it remembers."""

from collections.abc import Iterator

from receipts.alerts.findings import AlertKind, Finding, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules


def judge(_look: Look, _rules: Rules) -> Iterator[Finding]:
    """Find nothing: whoever can ask has a database."""
    yield from ()


KIND = AlertKind(
    slug="database",
    label="Database away",
    tells="PostgreSQL cannot be reached or written; callbacks go to the spool. Told by "
    "the sweep of each host, straight from memory.",
    judge=judge,
    limits=(Limit(name="minutes", label="Away for", default=3, unit="min", least=1),),
    is_of_channels=False,
    clear=1,
)
