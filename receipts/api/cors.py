"""Which pages of other sites may call the API: none, but for the configured origins."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

Response = TypeVar("Response", bound=HttpResponseBase)

_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "Location, Retry-After, RateLimit, "
    "RateLimit-Policy, WWW-Authenticate, Content-Disposition",
    "Access-Control-Max-Age": "600",
}


def is_preflight(request: HttpRequest) -> bool:
    """Tell whether a browser asks on behalf of a page that is allowed to call."""
    is_question = "Access-Control-Request-Method" in request.headers
    return request.method == "OPTIONS" and is_question and _is_allowed(request)


def allow(request: HttpRequest, response: Response) -> Response:
    """Let the page that called read the answer, if it is one of ours."""
    if settings.API_CORS_ORIGINS:
        patch_vary_headers(response, ["Origin"])
    if _is_allowed(request):
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        for name, value in _ALLOWED.items():
            response.headers[name] = value
    return response


def _is_allowed(request: HttpRequest) -> bool:
    return request.headers.get("Origin") in settings.API_CORS_ORIGINS
