"""The OpenAPI 3.1 document: drf-spectacular, fed with what the views declare.

Shapes, parameters and problems are described by the code that answers, so that the
document cannot say something else.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from receipts import shapes
from receipts.api.base import ApiView
from receipts.api.described import Answer, Parameter
from receipts.api.errors import MEDIA_TYPE
from receipts.api.problems import TYPES, ProblemType
from receipts.shapes.problem import Problem

PREFIX = "/api/v1/"
_REF = "#/components/schemas/{name}"
_EVERYWHERE = (
    "invalid-parameter",
    "too-many-requests",
    "internal-error",
    "unavailable",
)
_TO_CALLERS = ("not-authenticated", "missing-scope")
_HEADERS = {
    "Location": ("string", "Where to ask how far it is."),
    "Retry-After": ("integer", "Seconds to wait."),
    "WWW-Authenticate": ("string", "How to authenticate."),
    "Content-Disposition": ("string", "The name of the file."),
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # theirs
    """How callers prove themselves; an operation names the scopes it needs."""

    target_class = "receipts.api.auth.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token, made in the admin or by `manage.py apitoken "
            "create`; the roles of an operation are the scopes it must have.",
        }

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        """Return the scheme with the scopes of one operation."""
        return {"token": [str(scope) for scope in _view(auto_schema).scopes]}


class Described(AutoSchema):
    """Describes an ``ApiView`` by what it declares."""

    def get_operation_id(self) -> str:
        """Return the view's name as a word: ``receipt_list``."""
        name = type(self.view).__name__
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

    def get_tags(self) -> list[str]:
        """Return the resource."""
        return [self.path.removeprefix(PREFIX).partition("/")[0]]

    def get_summary(self) -> str:
        """Return what the view is."""
        return (type(self.view).__doc__ or "").strip().splitlines()[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular has it
        """Return what the method does, and what the resource is."""
        about = getattr(self.view, self.method.lower()).__doc__ or ""
        return " ".join([*about.split(), *_view(self).cost()])

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters of path and query, and the headers of answers."""
        return [
            *self._path_parameters(),
            *map(_query, _view(self).parameters()),
            *self._headers(),
        ]

    def get_request_serializer(self) -> Any:
        """Return the shape of the body."""
        body = _view(self).body
        return None if body is None else {"application/json": _schema(body)}

    def get_response_serializers(self) -> Any:
        """Return the answer when all is well, and every problem."""
        answer = _view(self).answer
        found = {(answer.status, *answer.media_types): _response(answer)}
        by_status: dict[int, list[ProblemType]] = {}
        for kind in self._problems():
            by_status.setdefault(kind.status, []).append(kind)
        for status, kinds in sorted(by_status.items()):
            found[status, MEDIA_TYPE] = _problem_response(kinds)
        return found

    def _problems(self) -> Iterator[ProblemType]:
        view = _view(self)
        slugs = [*_EVERYWHERE, *view.problems]
        slugs += _TO_CALLERS if view.authentication_classes else ()
        slugs += ["not-found"] if "{" in self.path else []
        return (TYPES[slug] for slug in slugs)

    def _path_parameters(self) -> Iterator[OpenApiParameter]:
        for name in re.findall(r"{(\w+)}", self.path):
            yield OpenApiParameter(name, str, OpenApiParameter.PATH, required=True)

    def _headers(self) -> Iterator[OpenApiParameter]:
        answer = _view(self).answer
        named = {name: [answer.status] for name in answer.headers}
        named.setdefault("Retry-After", []).extend([429, 503])
        if _view(self).authentication_classes:
            named["WWW-Authenticate"] = [401]
        for name, statuses in named.items():
            kind, description = _HEADERS[name]
            yield OpenApiParameter(
                name,
                {"type": kind},
                OpenApiParameter.HEADER,
                description=description,
                response=statuses,
            )


def _view(auto_schema: AutoSchema) -> ApiView:
    view = auto_schema.view
    assert isinstance(view, ApiView)  # noqa: S101  # Described is theirs alone
    return view


def _query(parameter: Parameter) -> OpenApiParameter:
    return OpenApiParameter(
        parameter.name,
        dict(parameter.schema),
        OpenApiParameter.QUERY,
        description=parameter.description,
    )


def _response(answer: Answer) -> OpenApiResponse:
    if answer.shape is None:
        return OpenApiResponse(
            {"type": "string", "contentMediaType": answer.media_types[0]},
            description=answer.description,
        )
    examples = [
        OpenApiExample(name, value=msgspec.to_builtins(value), response_only=True)
        for name, value in answer.examples.items()
    ]
    return OpenApiResponse(
        _schema(answer.shape), description=answer.description, examples=examples
    )


def _problem_response(kinds: list[ProblemType]) -> OpenApiResponse:
    examples = [
        OpenApiExample(
            kind.title,
            value={
                "type": f"https://portal.example{PREFIX}problems/{kind.slug}/",
                "title": kind.title,
                "status": kind.status,
                "detail": kind.meaning.replace("`", ""),
                "instance": f"{PREFIX}receipts/",
            },
            response_only=True,
            status_codes=[str(kind.status)],
            media_type=MEDIA_TYPE,
        )
        for kind in kinds
    ]
    described = " ".join(f"{kind.title}: {kind.meaning}" for kind in kinds)
    return OpenApiResponse(_schema(Problem), description=described, examples=examples)


def _schema(shape: object) -> dict[str, Any]:
    """Return a reference to a shape, whose component ``add_shapes`` writes."""
    (schema,), _ = msgspec.json.schema_components(
        [shape], ref_template=_REF, schema_hook=_any
    )
    renamed: dict[str, Any] = _renamed(schema)
    return renamed


def _any(_: type) -> dict[str, Any]:
    return {"description": "Any JSON value."}


def only_ours(endpoints: list[Any], **_: object) -> list[Any]:
    """Keep the API out of all URLs; the callback door and others have other readers."""
    return [each for each in endpoints if each[0].startswith(PREFIX)]


def add_shapes(result: dict[str, Any], **options: object) -> dict[str, Any]:
    """Write down every shape that some operation refers to."""
    named = [getattr(shapes, name) for name in shapes.__all__ if name != "Page"]
    _, components = msgspec.json.schema_components(
        [*named, *_PAGES, Problem], ref_template=_REF, schema_hook=_any
    )
    written = _renamed(components)
    result.setdefault("components", {}).setdefault("schemas", {}).update(written)
    return result


_PAGES = (
    shapes.Page[shapes.Receipt],
    shapes.Page[shapes.Message],
    shapes.Page[shapes.Conversation],
    shapes.Page[shapes.TimelineEntry],
    shapes.Page[shapes.Template],
    shapes.Page[shapes.Channel],
    shapes.Page[shapes.Callback],
    shapes.Page[shapes.QuarantinedItem],
)


def _renamed(schema: Any) -> Any:
    """Give generic shapes names without brackets: ``ReceiptPage``."""
    text = msgspec.json.encode(schema).decode()
    return msgspec.json.decode(re.sub(r"Page[_\[](\w+?)[_\]](?=\")", r"\1Page", text))
