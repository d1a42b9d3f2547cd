"""URLs of the callback door and of its own health."""

from django.urls import URLPattern, path

from portal import door_pages, health
from receipts.intake import urls

urlpatterns: list[URLPattern] = [
    *urls.urlpatterns,
    path("healthz/ingest", health.ingest),
]

# The console's own pages would look for the console's URLs.
handler400 = handler403 = door_pages.bad_request
handler404 = door_pages.not_found
handler500 = door_pages.failed
