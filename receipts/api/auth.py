"""Who calls: a bearer token, what it may do, and for which channels."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from receipts import tokens
from receipts.api.problems import ApiProblem, Said
from receipts.models import ApiToken
from receipts.models.api_token import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A token that was proven; ``channels`` is None where it is for all."""

    token: ApiToken
    scopes: frozenset[str]
    channels: frozenset[int] | None

    @property
    def is_clear(self) -> bool:
        """Tell whether the caller may see people and texts."""
        return Scope.PII_READ in self.scopes

    @property
    def may_see_raw(self) -> bool:
        """Tell whether the caller may see what providers sent, people and all."""
        return {Scope.RAW_READ, Scope.PII_READ} <= self.scopes

    def may_see(self, channel_id: int) -> bool:
        """Tell whether a channel is among the caller's."""
        return self.channels is None or channel_id in self.channels

    def demand(self, *scopes: str) -> None:
        """Raise a 403 problem that names what is missing of ``scopes``."""
        missing = [str(scope) for scope in scopes if scope not in self.scopes]
        if missing:
            words = " and ".join(missing)
            raise ApiProblem(
                "missing-scope",
                Said(detail=f"The token lacks {words}.", scopes=tuple(missing)),
            )


class Bearer(BaseAuthentication):
    """Reads ``Authorization: Bearer <token>``; no other place counts."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Caller] | None:
        """Return the caller; None without the header. Raises for a dead token."""
        scheme, _, clear = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not clear.strip():
            return None
        token = tokens.find(clear.strip())
        if token is None:
            raise AuthenticationFailed
        limited = frozenset(token.channels.values_list("pk", flat=True))
        caller = Caller(
            token=token, scopes=frozenset(token.scopes), channels=limited or None
        )
        return AnonymousUser(), caller

    def authenticate_header(self, request: Request) -> str:
        """Return what ``WWW-Authenticate`` says; without it DRF answers 403."""
        return 'Bearer realm="api"'


class HasScopes(BasePermission):
    """Lets a caller in whose token has the scopes of the view."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether there is a caller. Raises a 403 problem for missing scopes."""
        caller = request.auth
        if not isinstance(caller, Caller):
            return False
        caller.demand(*getattr(view, "scopes", ()))
        return True
