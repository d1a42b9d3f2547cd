"""The same, trimmed of all that these views do without; connections are kept."""

from bench.peers.settings import *  # noqa: F403  # settings are made so
from bench.peers.settings import DATABASES

INSTALLED_APPS = ["rest_framework", "bench.peers"]
MIDDLEWARE: list[str] = []
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
DATABASES["default"]["CONN_MAX_AGE"] = None
