"""granian with the libraries imported before it forks: workers share them, and start fast.

Our own code is left to the workers, so that a reload (HUP) takes what was deployed.
"""

import gc
from importlib import import_module
from runpy import run_module

from portal.runtime.workers import look_after_workers

_LIBRARIES = (
    "celery.app.base",
    "celery.utils.threads",
    "cryptography.fernet",
    "django.core.handlers.wsgi",
    "django.core.serializers",
    "django.db.models",
    "django.forms",
    "django.urls",
    "kombu.transport.redis",
    "psycopg",
    "redis",
    "requests",
    "structlog",
)

if __name__ == "__main__":
    for name in _LIBRARIES:
        import_module(name)
    # The collector would write to pages that workers share.
    gc.collect()
    gc.freeze()
    look_after_workers()
    run_module("granian", run_name="__main__")
