"""URLs of the console and the API."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from portal import health
from portal.metrics.views import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("healthz/ingest", health.ingest),
    path("metrics", metrics),
    path("admin/", admin.site.urls),
    path("api/v1/", include("receipts.api.urls")),
]
urlpatterns.append(path("", include("receipts.intake.urls")))
