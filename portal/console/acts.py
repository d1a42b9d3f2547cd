"""What people do that they must be able to answer for, and how often they may."""

from django.conf import settings
from django.http import HttpRequest

from receipts.api.people import masked
from receipts.api.throttling import counter
from receipts.models import AccessRecord

TOO_MANY = "Too many searches in a minute by somebody who may not see people. Wait."


class TooManySearches(Exception):
    """Numbers that one may not see must not be found by trying."""


def record(request: HttpRequest, act: str, subject: str, *, reason: str = "") -> None:
    """Keep what the user of ``request`` did; ``subject`` names nobody in clear."""
    AccessRecord.objects.create(
        user_id=request.user.pk,
        act=act,
        subject=subject,
        reason=reason,
        address=request.META.get("REMOTE_ADDR") or None,
    )


def guard_search(request: HttpRequest, text: str) -> None:
    """Count and record a search by somebody who sees people masked.

    Raises ``TooManySearches``.
    """
    limit = settings.API_USER_SEARCHES_PER_MINUTE
    if counter.count(f"console:{request.user.pk}", limit).is_over:
        raise TooManySearches
    record(request, AccessRecord.Act.USER_SEARCH, masked(text))
