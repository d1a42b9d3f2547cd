"""A path for each."""

from django.urls import path

from bench.peers.views import Nothing, Plain, Tasks

urlpatterns = [
    path("nothing", Nothing.as_view()),
    path("plain", Plain.as_view()),
    path("tasks", Tasks.as_view()),
]
