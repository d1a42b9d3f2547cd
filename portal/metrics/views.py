"""The page that Prometheus scrapes."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from portal.metrics.access import may_read
from portal.metrics.counted import Counted
from portal.metrics.host import Host
from portal.metrics.tables import Tables

# Our own: the library's has the figures of the one process that happens to answer.
registry = CollectorRegistry()
for _collector in (Counted(), Tables(), Host()):
    registry.register(_collector)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with every metric in the form that is asked for."""
    if not may_read(request):
        words = "Set METRICS_TOKEN and send it as a bearer token: docs/metrics.md.\n"
        return HttpResponse(
            words,
            status=401,
            content_type="text/plain",
            headers={"WWW-Authenticate": 'Bearer realm="metrics"'},
        )
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type)
