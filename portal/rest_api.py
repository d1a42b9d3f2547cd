"""Settings of the REST API, for ``portal/settings.py``: what it is, what it may cost."""

from portal import env

__all__ = [
    "API_CORS_ORIGINS",
    "API_LONG_POLLS",
    "API_REQUESTS_PER_MINUTE",
    "API_USER_SEARCHES_PER_MINUTE",
    "EXPORT_SLICE_S",
    "REST_FRAMEWORK",
    "SPECTACULAR_SETTINGS",
]

REST_FRAMEWORK = {
    # A view that forgets to say who may call it is closed.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "receipts.api.schema.Described",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": 0,  # addresses are settled before Django: portal/proxies.py
}
API_REQUESTS_PER_MINUTE = env.whole("API_REQUESTS_PER_MINUTE", 6000)  # of a token
# Of a token that sees people masked: it must not find them by trying numbers.
API_USER_SEARCHES_PER_MINUTE = 30
# Of a web process: half of its threads (portal/runtime/processes.py).
API_LONG_POLLS = 2
# Sites whose pages may call the API with a token, such as https://tool.example.
API_CORS_ORIGINS = env.words("API_CORS_ORIGINS")
EXPORT_SLICE_S = 8  # well below the soft time limit of a task
SPECTACULAR_SETTINGS = {
    "TITLE": "Receipt portal",
    "DESCRIPTION": "What became of the messages of your channels: receipts as the "
    "providers told them, messages folded from them, conversations, counts, exports, "
    "and a feed to follow along. Guide: docs/api.md of the project.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATION_PARAMETERS": False,
    "PREPROCESSING_HOOKS": ["receipts.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": ["receipts.api.schema.add_shapes"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
