"""URLs of the callback door and of its own health."""

from django.urls import URLPattern, path

from portal import health
from receipts.intake import urls

urlpatterns: list[URLPattern] = [
    *urls.urlpatterns,
    path("healthz/ingest", health.ingest),
]
