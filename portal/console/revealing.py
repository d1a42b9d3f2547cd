"""Showing the people of one page for a while, to somebody who gave a reason.

What was revealed is kept in the session; that it was, in the record of acts.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from portal.console import acts
from receipts.models import AccessRecord

MAY_REVEAL = "receipts.reveal_pii"
LIFE = timedelta(minutes=15)
_KEY = "revealed"


def reveal(request: HttpRequest, subject: str, reason: str) -> None:
    """Show ``subject`` in clear for 15 minutes."""
    acts.record(request, AccessRecord.Act.REVEAL, subject, reason=reason)
    now = timezone.now().timestamp()
    kept = {name: end for name, end in _ends(request).items() if end > now}
    request.session[_KEY] = kept | {subject: now + LIFE.total_seconds()}


def revealed_until(request: HttpRequest, subject: str) -> datetime | None:
    """Return until when ``subject`` is shown in clear; None if it is not."""
    ends_at = _ends(request).get(subject, 0.0)
    if not subject or ends_at <= timezone.now().timestamp():
        return None
    return datetime.fromtimestamp(ends_at, tz=timezone.get_default_timezone())


def _ends(request: HttpRequest) -> dict[str, float]:
    kept = request.session.get(_KEY, {})
    return kept if isinstance(kept, dict) else {}
