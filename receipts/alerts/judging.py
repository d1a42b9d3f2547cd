"""All kinds judged by their rules: the alerts and the console's tiles both come here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError

from receipts.alerts.findings import AlertKind, Finding
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.querysets.bounded import TooCostly, bounded

log = structlog.get_logger(__name__)
MOST = 50  # findings of one kind; a flood of alerts helps nobody


@dataclass(slots=True, kw_only=True)
class Judged:
    """What was found, by kind; ``failed`` are kinds that could not be judged now."""

    found: dict[str, list[Finding]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def judge(kinds: Iterable[AlertKind], look: Look, rules: Rules) -> Judged:
    """Judge each kind by itself: one that fails or takes too long stops no other."""
    judged = Judged()
    for kind in kinds:
        try:
            with bounded():
                judged.found[kind.slug] = list(findings(kind, look, rules))
        except (TooCostly, DatabaseError, ArithmeticError, LookupError, ValueError):
            log.exception("alert_kind_not_judged", kind=kind.slug)
            judged.failed.append(kind.slug)
    return judged


def findings(kind: AlertKind, look: Look, rules: Rules) -> Iterator[Finding]:
    """Yield what ``kind`` finds, a bounded number of it, each subject once."""
    if not rules.is_on_anywhere(kind.slug):
        return
    subjects: set[str] = set()
    for finding in kind.judge(look, rules):
        if len(subjects) == MOST:
            return
        if finding.subject not in subjects and _is_wanted(kind, finding, rules):
            subjects.add(finding.subject)
            yield finding


def _is_wanted(kind: AlertKind, finding: Finding, rules: Rules) -> bool:
    return rules.is_on(kind.slug, finding.channel_id)
