"""The door's own URLs: it serves nothing else."""

from django.urls import URLPattern, path

from receipts.intake.views import CallbackView

urlpatterns: list[URLPattern] = [
    path("callbacks/<path:path>", CallbackView.as_view(), name="callback"),
]
