"""URLs of the callback door and of its own health."""

from django.urls import URLPattern, URLResolver, include, path

from portal import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("receipts.intake.urls")),
    path("healthz/ingest", health.ingest),
]
