"""How many failed sign-ins there may be, and the backend that enforces it."""

from datetime import timedelta

import structlog
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.logins.models import LoginFailure
from receipts.intake.caller import address_of

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=15)
OF_NAME_AND_ADDRESS, OF_ADDRESS, OF_NAME = 5, 20, 100
_KEPT_FOR = timedelta(days=1)


class ThrottleBackend:
    """First of the backends: ends an attempt before any password is looked at."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **_: object
    ) -> AbstractBaseUser | None:
        """Raise ``PermissionDenied`` when there were too many failures."""
        if is_too_much(request, username or ""):
            raise PermissionDenied
        return None


def is_too_much(request: HttpRequest | None, name: str) -> bool:
    """Say whether this name or this address has failed too often in 15 minutes."""
    same_name, same_address = Q(name=_digest(name)), Q(address=_address(request))
    found = LoginFailure.objects.filter(
        same_name | same_address, at__gt=timezone.now() - WINDOW
    ).aggregate(
        both=Count("pk", filter=same_name & same_address),
        address=Count("pk", filter=same_address),
        name=Count("pk", filter=same_name),
    )
    return bool(
        found["both"] >= OF_NAME_AND_ADDRESS
        or found["address"] >= OF_ADDRESS
        or found["name"] >= OF_NAME
    )


@receiver(user_login_failed)
def _note_failure(
    credentials: dict[str, str], request: HttpRequest | None = None, **_: object
) -> None:
    name = credentials.get("username") or ""
    if is_too_much(request, name):
        return  # who waits must not wait longer for having tried
    now = timezone.now()
    LoginFailure.objects.create(at=now, name=_digest(name), address=_address(request))
    LoginFailure.objects.filter(at__lt=now - _KEPT_FOR).delete()
    log.warning("login_failed", address=_address(request))


@receiver(user_logged_in)
def _forget_failures(
    user: User, request: HttpRequest | None = None, **_: object
) -> None:
    mine = LoginFailure.objects.filter(name=_digest(user.get_username()))
    mine.filter(address=_address(request)).delete()


def _digest(name: str) -> bytes:
    return salted_hmac("portal.logins", name.casefold(), algorithm="sha256").digest()


def _address(request: HttpRequest | None) -> str | None:
    return (address_of(request) or None) if request else None
