"""One shape for every error of the API: RFC 9457 problems, made in one handler."""

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from receipts.api.problems import TYPES, ApiProblem, ProblemType, Said
from receipts.querysets.bounded import TooCostly
from receipts.search import BadParameters
from receipts.shapes.problem import ParameterProblem, Problem

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_NARROW = (
    "The search would have taken over two seconds. Narrow it: give an id "
    "(message_id, task_id, conversation, user …), a shorter window, or a channel."
)


def handle(exc: Exception, context: dict[str, object]) -> Response:
    """Return the problem that an exception in a view means."""
    request = context["request"]
    path = str(getattr(request, "path", ""))
    kind, said = _read(exc)
    if kind.status >= 500:
        log.error("api_error", path=path, exc_info=exc)
    set_rollback()
    return answer(kind, said, path)


def answer(kind: ProblemType, said: Said, path: str) -> Response:
    """Return a problem as an answer to a request for ``path``."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    shown: dict[str, object] = {}
    if said.errors:
        shown["errors"] = list(said.errors)
    if said.scopes:
        shown["scopes"] = list(said.scopes)
    if request_id is not None:
        shown["request_id"] = str(request_id)
    problem = Problem(
        type=f"{settings.PUBLIC_BASE_URL}/api/v1/problems/{kind.slug}/",
        title=kind.title,
        status=kind.status,
        detail=said.detail,
        instance=path,
        **shown,  # type: ignore[arg-type]  # each of its field's type, made above
    )
    return Response(problem, kind.status, headers=said.headers, content_type=MEDIA_TYPE)


def _read(exc: Exception) -> tuple[ProblemType, Said]:
    if isinstance(exc, ApiProblem):
        return exc.kind, exc.said
    if isinstance(exc, BadParameters):
        return TYPES["invalid-parameter"], _mistakes(exc)
    for known, slug, detail in _PLAIN:
        if isinstance(exc, known):
            return TYPES[slug], Said(detail=detail, headers=_headers(exc))
    return TYPES["internal-error"], Said(detail="Something went wrong on our side.")


def _mistakes(exc: BadParameters) -> Said:
    errors = tuple(
        ParameterProblem(
            parameter=mistake.parameter,
            detail=mistake.detail,
            allowed=None if mistake.allowed is None else list(mistake.allowed),
        )
        for mistake in exc.mistakes
    )
    return Said(
        detail=" ".join(f"{each.parameter}: {each.detail}" for each in errors),
        errors=errors,
    )


_PLAIN: tuple[tuple[type[Exception], str, str], ...] = (
    (TooCostly, "too-costly", _NARROW),
    (Http404, "not-found", "There is no such thing here."),
    (exceptions.NotFound, "not-found", "There is no such thing here."),
    (
        exceptions.NotAuthenticated,
        "not-authenticated",
        "Send a token: Authorization: Bearer <token>.",
    ),
    (
        exceptions.AuthenticationFailed,
        "not-authenticated",
        "The token is unknown, expired or revoked.",
    ),
    (
        exceptions.MethodNotAllowed,
        "method-not-allowed",
        "This URL takes other methods; see Allow.",
    ),
    (exceptions.Throttled, "too-many-requests", "Slow down; see Retry-After."),
    (exceptions.ParseError, "invalid-body", "The body is not JSON."),
    (
        exceptions.UnsupportedMediaType,
        "unsupported-media-type",
        "Send application/json.",
    ),
    (RequestDataTooBig, "body-too-large", "The body is larger than it may be."),
    (OperationalError, "unavailable", "The database is away."),
    (InterfaceError, "unavailable", "The database is away."),
    (DatabaseError, "internal-error", "Something went wrong on our side."),
)


def _headers(exc: Exception) -> dict[str, str]:
    if isinstance(exc, OperationalError | InterfaceError):
        return {"Retry-After": "5"}
    if isinstance(exc, exceptions.Throttled):
        wait = getattr(exc, "wait", None)  # seconds; the stubs do not know it
        return {"Retry-After": str(max(1, int(wait or 1)))}
    if isinstance(exc, exceptions.NotAuthenticated):
        return {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(exc, exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}
    return {}
