"""Every kind of error the API answers with, and the exception that says it."""

from dataclasses import dataclass, field

from rest_framework.exceptions import APIException

from receipts.shapes.problem import ParameterProblem


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of error; ``slug`` ends its URL and never changes."""

    slug: str
    status: int
    title: str
    meaning: str


_ALL = (
    ProblemType(
        "invalid-parameter",
        400,
        "Invalid parameter",
        "A parameter is unknown, was given twice, or has a value that cannot be used. "
        "`errors` names each one and says what is allowed.",
    ),
    ProblemType(
        "invalid-cursor",
        400,
        "Invalid cursor",
        "A cursor belongs to the very list that gave it: same path, filters and "
        "ordering. Follow `next` and `previous` as they are, or start anew.",
    ),
    ProblemType(
        "invalid-body", 400, "Invalid body", "The body is no JSON of the shape asked."
    ),
    ProblemType(
        "not-authenticated",
        401,
        "Not authenticated",
        "Send a live token: `Authorization: Bearer <token>`. Tokens expire and can be "
        "revoked.",
    ),
    ProblemType(
        "missing-scope",
        403,
        "Missing scope",
        "The token may not do this; `scopes` says what it lacks.",
    ),
    ProblemType(
        "not-allowed", 403, "Not allowed", "The token may not have this one object."
    ),
    ProblemType(
        "not-found",
        404,
        "Not found",
        "There is no such thing, or it belongs to a channel the token is not for.",
    ),
    ProblemType(
        "method-not-allowed", 405, "Method not allowed", "See the header `Allow`."
    ),
    ProblemType("not-ready", 409, "Not ready", "The export is still being made."),
    ProblemType(
        "not-replayable",
        409,
        "Not replayable",
        "What the provider sent is no longer kept, or was not yet read at all.",
    ),
    ProblemType(
        "cursor-gone",
        410,
        "Cursor gone",
        "The changes cursor is older than what is kept, or from another database. "
        "Start without `after`; what was missed can be searched for in `receipts/`.",
    ),
    ProblemType("export-expired", 410, "Export expired", "Make the export again."),
    ProblemType("body-too-large", 413, "Body too large", "Send less."),
    ProblemType("unsupported-media-type", 415, "Unsupported media type", "Send JSON."),
    ProblemType(
        "too-costly",
        422,
        "Too costly",
        "The search was stopped after two seconds. Narrow it as `detail` says.",
    ),
    ProblemType(
        "too-many-requests",
        429,
        "Too many requests",
        "Wait for as many seconds as `Retry-After` says.",
    ),
    ProblemType(
        "internal-error", 500, "Internal error", "Our fault; the log knows more."
    ),
    ProblemType(
        "unavailable", 503, "Unavailable", "The database is away. Try again soon."
    ),
)
TYPES = {kind.slug: kind for kind in _ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one answer says beyond its type."""

    detail: str
    errors: tuple[ParameterProblem, ...] = ()
    scopes: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


class ApiProblem(APIException):
    """An error of a known type; what this one answer says of it is ``said``."""

    def __init__(self, slug: str, said: Said | str) -> None:
        self.said = Said(detail=said) if isinstance(said, str) else said
        super().__init__(self.said.detail)
        self.kind = TYPES[slug]
        self.status_code = self.kind.status
