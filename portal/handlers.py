"""The two WSGI applications: the callback door, and all the rest."""

import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, get_resolver, set_urlconf

from portal.bodies import give_length
from portal.closing import closing
from portal.proxies import Proxies

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

View = Callable[..., HttpResponseBase]

DOOR = "/callbacks/"
_DOOR_URLS = "portal.door_urls"
# No browser has business here; should one come, the answer is to mean nothing to it.
_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
)
# How the names of a request begin in a WSGI environ.
_OF_REQUESTS = ("HTTP_", "REMOTE_", "SERVER_", "REQUEST_", "CONTENT_", "QUERY_STRING")


class DoorHandler(WSGIHandler):
    """Serves the door's URLs with no middleware at all: no session, no host check.

    Nor does it send Django's signals of requests: their receivers would look through
    connections and caches twice a push, and the door minds its one connection itself.
    """

    def __call__(  # type: ignore[override]  # the stubs ask for more than WSGI does
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request."""
        with closing.counted:
            response = self.get_response(self.request_class(environ))
            body = response.content
            # Without its length the answer would go out in chunks.
            length = ("Content-Length", str(len(body)))
            status = f"{response.status_code} {response.reason_phrase}"
            start_response(status, [*response.items(), length, *_HEADERS])
            return [body]

    def load_middleware(self, is_async: bool = False) -> None:
        """Leave out ``settings.MIDDLEWARE``."""
        self._view_middleware: list[object] = []
        self._template_response_middleware: list[object] = []
        self._exception_middleware: list[object] = []
        # Django's own load_middleware begins so.
        inner = self._get_response  # type: ignore[attr-defined]  # not in the stubs
        self._middleware_chain = convert_exception_to_response(inner)

    def get_response(self, request: HttpRequest) -> HttpResponse:
        """Answer from the door's URLs. A refusal writes no log line: they are counted."""
        set_urlconf(_DOOR_URLS)
        return self._middleware_chain(request)  # type: ignore[return-value]  # never awaited, never streamed

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Find the view among the door's URLs."""
        request.resolver_match = found = _view_of(request.path_info)
        return found

    def make_view_atomic(self, view: View) -> View:
        """Open no transaction: a push is answered after the commit, not before."""
        return view


@lru_cache(maxsize=128)
def _view_of(path: str) -> ResolverMatch:
    """Find a view; providers push to the same few paths for ever."""
    return get_resolver(_DOOR_URLS).resolve(path)


def guarded(application: Application) -> Application:
    """Return ``application`` behind what must be settled before Django sees a request."""
    proxies = Proxies(settings.TRUSTED_PROXIES, settings.BEHIND_EDGE)
    ours = _hide_environment()

    def guard(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        for name in ours:
            environ.pop(name, None)
        proxies.settle(environ)
        if settings.BEHIND_EDGE:
            give_length(environ, settings.CALLBACK_MAX_BYTES)
        if closing.is_near:
            start_response = closing.without_keeping(start_response)
        return application(environ, start_response)

    return guard


def both(door: Application, rest: Application) -> Application:
    """Return one application that leads callbacks to ``door``."""

    def lead(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        is_door = str(environ.get("PATH_INFO", "")).startswith(DOOR)
        return (door if is_door else rest)(environ, start_response)

    return lead


def _hide_environment() -> frozenset[str]:
    """Return which names of a WSGI environ are those of our process, not of a request.

    granian copies the process environment into it: secrets would show up in
    ``request.META``, and a variable named ``HTTP_…`` would read as a header.
    """
    for name in [name for name in os.environ if name.startswith(_OF_REQUESTS)]:
        del os.environ[name]
    return frozenset(os.environ)
