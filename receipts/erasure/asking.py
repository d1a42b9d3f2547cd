"""Asking for an erasure, and having it confirmed: by somebody else, if so set."""

import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from receipts.erasure.matching import masked
from receipts.erasure.person import NotErasable, find, meant_by
from receipts.models import Erasure

_NUMBERS = range(8, 16)  # digits of a phone number


class NeedsAnother(Exception):
    """Who asked may not confirm: two people must agree."""


def ask(word: str, *, by: str, reason: str = "", user_id: int | None = None) -> Erasure:
    """Keep the wish to erase whom ``word`` names. Raises ``NotErasable``.

    It begins at once unless ``ERASURE_NEEDS_TWO`` is set.
    """
    values = meant_by(word)
    if not find(values).conversations and not _may_be_unknown(values[0]):
        raise NotErasable("nobody is known by that")
    waits = settings.ERASURE_NEEDS_TWO
    return Erasure.objects.create(
        state=Erasure.State.ASKED if waits else Erasure.State.RUNNING,
        values=values,
        shown=masked(values[0]),
        digests=[_digest(value) for value in values],
        reason=reason,
        asked_by=by,
        user_id=user_id,
        started_at=None if waits else timezone.now(),
    )


def confirm(erasure: Erasure, *, by: str) -> Erasure:
    """Let an erasure begin. Raises ``NeedsAnother`` and ``NotErasable``."""
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
        if erasure.state != Erasure.State.ASKED:
            raise NotErasable("this erasure does not wait for anybody")
        if settings.ERASURE_NEEDS_TWO and by == erasure.asked_by:
            raise NeedsAnother("somebody else must confirm what you asked for")
        erasure.state = Erasure.State.RUNNING
        erasure.confirmed_by, erasure.started_at = by, timezone.now()
        erasure.save()
    return erasure


def cancel(erasure: Erasure) -> None:
    """Take back what was asked for and not begun."""
    Erasure.objects.filter(pk=erasure.pk, state=Erasure.State.ASKED).update(
        state=Erasure.State.CANCELLED, values=[], finished_at=timezone.now()
    )


def earlier(word: str) -> list[Erasure]:
    """Return the erasures of whom ``word`` names. Raises ``NotErasable``."""
    digests = [_digest(value) for value in meant_by(word)]
    return list(Erasure.objects.filter(digests__contains=digests).order_by("pk"))


def _may_be_unknown(value: str) -> bool:
    """Tell whether all bytes may be searched for what no conversation knows.

    A number may stand in what could not be read; any other word would be found where
    it means nobody.
    """
    is_number = value.isdigit() and len(value) in _NUMBERS
    asked = Erasure.objects.filter(digests__contains=[_digest(value)])
    return is_number or asked.exists()


def _digest(value: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"erasure:" + value.encode(), hashlib.sha256).hexdigest()
