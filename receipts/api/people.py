"""Searches for people by those who may not see them: few, and on record."""

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from channels_cfg.wire import IdentityKind
from receipts import masking
from receipts.api.auth import Caller
from receipts.api.throttling import counter
from receipts.models import AccessRecord
from receipts.querysets.people import digits_of


def guard_user_search(
    request: Request, caller: Caller, filters: dict[str, str]
) -> None:
    """Count and record a search for a person by a masked caller. Raises a 429.

    Somebody who sees masked numbers only could else try all that fit a mask.
    """
    value = filters.get("user", "").strip()
    if not value or caller.is_clear:
        return
    limit = settings.API_USER_SEARCHES_PER_MINUTE
    used = counter.count(f"user:{caller.token.pk}", limit)
    if used.is_over:
        raise Throttled(wait=used.resets_in_s)
    record(request, caller, AccessRecord.Act.USER_SEARCH, masked(value))


def record(request: Request, caller: Caller, act: str, subject: str) -> None:
    """Keep what a caller did."""
    address = request.META.get("REMOTE_ADDR") or None
    AccessRecord.objects.create(
        token=caller.token, act=act, subject=subject, address=address
    )


def masked(value: str) -> str:
    """Return what may stand on record of a search for ``value``."""
    digits = digits_of(value)
    kind = IdentityKind.USERNAME if digits is None else IdentityKind.PHONE
    return masking.show_identity(kind, digits or value, is_clear=False) or "…"
