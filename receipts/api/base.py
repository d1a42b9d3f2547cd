"""What every view of the API has in common."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from receipts.api import cors, errors
from receipts.api.auth import Bearer, Caller, HasScopes
from receipts.api.described import Answer, Parameter
from receipts.api.rendering import Json, JsonBody, OnlyJson
from receipts.api.throttling import PerToken, Used
from receipts.models.api_token import Scope


# No cookie opens the API and no page of another site can send a bearer token, so that
# compressed answers give nothing away (BREACH).
@method_decorator(gzip_page, name="dispatch")
class ApiView(APIView):
    """A view that answers tokens, in JSON, within limits, and never from a cache."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (Bearer,)
    permission_classes: Sequence[type[BasePermission]] = (HasScopes,)
    throttle_classes: Sequence[type[BaseThrottle]] = (PerToken,)
    renderer_classes = (Json,)
    parser_classes = (JsonBody,)
    content_negotiation_class = OnlyJson
    metadata_class = None
    scopes: ClassVar[tuple[str, ...]] = (Scope.RECEIPTS_READ,)
    used: Used | None = None

    # What the OpenAPI document says of it.
    answer: ClassVar[Answer] = Answer()
    body: ClassVar[type | None] = None
    problems: ClassVar[tuple[str, ...]] = ()  # beyond those that every view has

    @classmethod
    def cost(cls) -> list[str]:
        """Return sentences on what a request may cost, if there is more to say."""
        return []

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return the query parameters that it takes."""
        return []

    @property
    def caller(self) -> Caller:
        """Return who asks; views run only for a caller."""
        caller = self.request.auth
        assert isinstance(caller, Caller)  # noqa: S101  # HasScopes let it in
        return caller

    def get_exception_handler(self) -> Callable[..., Response]:
        """Return the one handler of errors."""
        return errors.handle

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        """Answer a browser that asks whether a page may call, else the call itself."""
        if cors.is_preflight(request):
            return cors.allow(request, HttpResponse(status=204))
        return cors.allow(request, super().dispatch(request, *args, **kwargs))

    def finalize_response(
        self,
        request: Request,
        response: Response,
        *args: object,
        **kwargs: object,
    ) -> Response:
        """Add what every answer says of caching and limits."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Authorization"])
        for name, value in (self.used.headers() if self.used else {}).items():
            response.headers[name] = value
        return response
