"""What is not there."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import resolve

from receipts.api.base import ApiView


class PermanentRedirect(HttpResponseRedirect):
    """A redirect that keeps method and body."""

    status_code = 308


class Missing(ApiView):
    """Every path the API does not know; a forgotten slash is forgiven."""

    schema = None
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        """Lead to the path with a slash, if that is one."""
        slashed = f"{request.path_info}/"
        if not request.path.endswith("/") and resolve(slashed).url_name != "missing":
            query = request.META.get("QUERY_STRING", "")
            return PermanentRedirect(f"{slashed}?{query}" if query else slashed)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, *args: object, **kwargs: object) -> None:
        """Refuse before anything else, whatever the method."""
        raise Http404
