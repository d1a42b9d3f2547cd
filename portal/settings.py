"""The one settings file; what differs between places is in the environment.

Unset addresses and secrets come from ``DATA_DIR``, where ``make run`` keeps them.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext

from portal import databases, env, logs, places
from portal.alerting import *  # noqa: F403  # mail, and where webhooks may go
from portal.rest_api import *  # noqa: F403  # what the API is, and what it may cost
from portal.runtime.layout import Layout

django_stubs_ext.monkeypatch()

# --- Where ---------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".data"))).resolve()
_layout = Layout(DATA_DIR)
SPOOL_DIR = Path(env.text("SPOOL_DIR", str(_layout.spool))).resolve()

# Beside a running portal nobody says where it is: it has noted that at its start.
_addresses = places.addresses(_layout, is_told=env.is_set("PUBLIC_BASE_URL", "PORT"))
PUBLIC_BASE_URL = _addresses.public
_public = urlsplit(PUBLIC_BASE_URL)
_is_https = _public.scheme == "https"

# --- Secrets -------------------------------------------------------------------------

# Empty is refused by Django as soon as it is needed.
SECRET_KEY = env.secret("SECRET_KEY") or _layout.secret("secret_key") or ""
SECRET_KEY_FALLBACKS = env.secret_words("SECRET_KEY_FALLBACKS")
# Newest first: the first encrypts, any decrypts.
FIELD_KEYS = env.secret_words("FIELD_KEYS") or [
    key for key in [_layout.secret("field_key")] if key
]

# --- Django --------------------------------------------------------------------------

DEBUG = False  # never: its pages show settings and traces
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]", str(_public.hostname))
)

INSTALLED_APPS = [
    "channels_cfg",
    "receipts",
    "receipts.alerts",
    "portal",
    "portal.logins",
    "portal.console",
    "portal.console.apps.ConsoleAdminConfig",  # for django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "auditlog",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database and Redis --------------------------------------------------------------

DATABASES = {
    "default": databases.entry(
        env.secret("DATABASE_URL") or places.database_url(_layout)
    )
}
# Only tests may run on a database that forgets: see portal/health.py.
ALLOW_UNSAFE_DATABASE = env.flag("ALLOW_UNSAFE_DATABASE", default=False)

REDIS_URL = (
    env.secret("REDIS_URL") or places.redis_url(_layout) or "redis://127.0.0.1:6379/0"
)

# --- Static files --------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = _layout.static
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        # Tests render pages without collecting anything first.
        if env.flag("STATIC_MANIFEST", default=True)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Celery: makes us prompt, never holds the only copy (docs/decisions/) ------------

CELERY_BROKER_URL = places.celery_broker(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Of those who publish; the worker is more patient (portal/celery.py).
    "socket_timeout": 1,
    "socket_connect_timeout": 0.3,
    "visibility_timeout": 300,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Its waits grow by 2 s each: then rather exit and be started afresh.
CELERY_BROKER_CONNECTION_MAX_RETRIES = 5
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A task that kills its worker must not come back by itself: the table counts attempts.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 45
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY = env.whole(
    "WORKER_CONCURRENCY", max(2, min(4, os.cpu_count() or 2))
)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # KiB
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # they are fenced
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "portal.beat:OneAtATime"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    # Finds what nobody woke it for, and drops what is over.
    "make-exports": {"task": "receipts.make_exports", "schedule": 60},
    "judge-alerts": {
        "task": "receipts.judge_alerts",
        "schedule": 30,
        "options": {"expires": 25},  # the sweep judges while no worker does
    },
    "reopen-ignored": {"task": "receipts.reopen_ignored", "schedule": 300},
    "erase-people": {"task": "receipts.erase_people", "schedule": 60},
    "run-retention": {"task": "receipts.run_retention", "schedule": 600},
}

# --- Taking in and reading -----------------------------------------------------------

CALLBACK_MAX_BYTES = env.whole("CALLBACK_MAX_BYTES", 10 * 1024 * 1024)
SPOOL_MAX_BYTES = env.whole("SPOOL_MAX_BYTES", 1024**3)
# True only where our own edge, which passes on whole bodies alone, is the only caller.
BACKGROUND_THREADS = env.flag("BACKGROUND_THREADS", default=True)  # off in tests
BEHIND_EDGE = env.flag("PORTAL_BEHIND_EDGE", default=False)
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")

# One claim ends at the first of these; a larger callback goes alone.
DRAIN_BATCH_CALLBACKS = 300
DRAIN_BATCH_BYTES = 8 * 1024 * 1024
DRAIN_SLICE_S = 20  # below the soft time limit of a task
# Well above what one batch takes; a dead reader blocks its batch for that long, and
# some of it once more: below half of the minute in which neighbours must be read.
LEASE_S = 25
SWEEP_EVERY_S = 2
SWEEP_OLDER_THAN_S = 2

RETENTION_CALLBACKS_DAYS = env.whole("RETENTION_CALLBACKS_DAYS", 30)
RETENTION_RECEIPTS_DAYS = env.whole("RETENTION_RECEIPTS_DAYS", 400)
RETENTION_RECORDS_DAYS = env.whole("RETENTION_RECORDS_DAYS", 730)  # who did what
RETENTION_SLICE_S = ERASURE_SLICE_S = 15  # below the soft time limit of a task
# Who asks for the erasure of a person may not confirm it.
ERASURE_NEEDS_TWO = env.flag("ERASURE_NEEDS_TWO", default=False)

# --- Watching ------------------------------------------------------------------------

PROCESS = env.text("PORTAL_PROCESS", "other")  # set by what starts us
# Where our own door answers outsiders, asked every two seconds by the sweep.
INTAKE_URL = env.text("INTAKE_URL", _addresses.intake)
INTAKE_RECORD = DATA_DIR / "intake" / "record"
EDGE_LOG = _layout.edge / "access.log"
METRICS_DIR = DATA_DIR / "metrics"  # what the processes of this host count
METRICS_TOKEN = env.secret("METRICS_TOKEN") or ""
# Who may read /metrics without it.
METRICS_ALLOW_FROM = env.words("METRICS_ALLOW_FROM", ("127.0.0.0/8", "::1"))

# --- Security ------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "portal.logins.throttle.ThrottleBackend",  # ends attempts when there were too many
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

SECURE_SSL_REDIRECT = _is_https
# A redirect on a push is a lost push.
SECURE_REDIRECT_EXEMPT = [r"^callbacks/", r"^healthz/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Preloading binds every subdomain for years: the owner of the domain must ask for it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

_cookie_prefix = "__Host-" if _is_https else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # the door reads its stream itself
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- Logs ----------------------------------------------------------------------------

_is_json = env.text("LOG_FORMAT", "text") == "json"
LOGGING = logs.configure(
    is_json=_is_json,
    # A program that reads logs wants every callback; a terminal would drown in them.
    has_callbacks=env.flag("LOG_CALLBACKS", default=_is_json),
)
LOGGING_CONFIG = "logging.config.dictConfig"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
