"""Tokens of other programs: made, found again, revoked; only a hash is stored."""

import hashlib
import secrets
import string
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from channels_cfg.models import Channel
from receipts.models import ApiToken
from receipts.models.api_token import Scope

LONGEST_NAME = 100
USE_NOTED_EVERY = timedelta(minutes=1)
_ID_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 8
_LOCK = 0x746F6B6E  # any number that is ours: makers of tokens wait for each other


class BadToken(Exception):
    """The wish cannot be granted; ``field`` names what is wrong: a parameter of make."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def make(
    name: str,
    scopes: Sequence[str],
    *,
    channels: Sequence[Channel] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; the second value is its clear text, which nobody sees again.

    No channels: all of them. Raises ``BadToken``.
    """
    name = name.strip()
    _check(name, scopes, expires_at)
    prefix = "rp_" + "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    clear = f"{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        _free_name(name)
        token = ApiToken.objects.create(
            name=name,
            prefix=prefix,
            digest=_digest(clear),
            scopes=[scope for scope in Scope.values if scope in scopes],
            expires_at=expires_at,
        )
        token.channels.set(channels)
    return token, clear


def find(clear: str) -> ApiToken | None:
    """Return the live token of a clear text, and note its use once a minute."""
    now = timezone.now()
    # Looked up by its hash: the time that takes tells nothing about the token.
    rows = ApiToken.objects.filter(digest=_digest(clear), revoked_at=None)
    token = rows.exclude(expires_at__lte=now).first()
    if token is not None:
        _note_use(token, now)
    return token


def revoke(name: str) -> ApiToken | None:
    """End the token of this name at once; None if there is no such live one."""
    token = ApiToken.objects.filter(name=name.strip(), revoked_at=None).first()
    return token if token is not None and end(token) else None


@transaction.atomic
def end(token: ApiToken) -> bool:
    """Revoke a token at once; False if it was revoked before."""
    row = ApiToken.objects.select_for_update().get(pk=token.pk)
    if row.revoked_at is not None:
        return False
    row.revoked_at = token.revoked_at = timezone.now()
    # Saved, not updated: the audit log hears of it.
    row.save(update_fields=["revoked_at"])
    return True


def _check(name: str, scopes: Sequence[str], expires_at: datetime | None) -> None:
    known = ", ".join(Scope.values)
    unknown = [scope for scope in scopes if scope not in Scope.values]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadToken("name", f"A name has 1 to {LONGEST_NAME} printable characters.")
    if unknown:
        told = ", ".join(unknown)
        raise BadToken("scopes", f"There is no scope {told}; there are: {known}.")
    if not scopes:
        raise BadToken("scopes", f"A token needs a scope; there are: {known}.")
    if expires_at is not None and expires_at <= timezone.now():
        raise BadToken("expires_at", "This time has passed already.")


def _free_name(name: str) -> None:
    """Lock the name, and take it from a token that has expired. Raises ``BadToken``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    named = ApiToken.objects.filter(name=name, revoked_at=None)
    named.filter(expires_at__lte=timezone.now()).update(revoked_at=F("expires_at"))
    if named.exists():
        raise BadToken("name", f"There is a live token named {name} already.")


def _note_use(token: ApiToken, now: datetime) -> None:
    before = now - USE_NOTED_EVERY
    if token.last_used_at is not None and token.last_used_at > before:
        return
    is_due = Q(last_used_at=None) | Q(last_used_at__lte=before)
    ApiToken.objects.filter(is_due, pk=token.pk).update(last_used_at=now)
    token.last_used_at = now


def _digest(clear: str) -> bytes:
    # Surrogates may come out of a header; they are the digest of no token.
    return hashlib.sha256(clear.encode("utf-8", "surrogatepass")).digest()
