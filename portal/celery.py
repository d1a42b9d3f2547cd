"""The Celery application: ``celery -A portal worker``."""

import gc
import os
import warnings
from importlib import import_module

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning, SecurityWarning
from celery.signals import (
    celeryd_init,
    setup_logging,
    worker_before_create_process,
    worker_process_init,
)
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Said once by portal/runtime/up.py instead of four lines from every worker.
warnings.filterwarnings("ignore", category=SecurityWarning)
# About a default of Celery 6 that the settings name explicitly.
warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@celeryd_init.connect
def watch_for_stalls(**_: object) -> None:
    """Let a worker that takes nothing more end itself; its supervisor starts it again."""
    import_module("portal.stalls")


@worker_before_create_process.connect
def share_memory(**_: object) -> None:
    """Keep the collector of a child from writing to pages that it shares with us."""
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def end_what_never_ends(**_: object) -> None:
    """Let a child of the pool be ended by a reader that never returns."""
    import_module("receipts.processing.deadline").arm()


@worker_process_init.connect
def let_others_go_first(**_: object) -> None:
    """Let a child of the pool, which drains, be nicer than the door and the console."""
    import_module("receipts.processing.courtesy").lower_priority()


@celeryd_init.connect
def let_other_sessions_go_first(**_: object) -> None:
    """Let the door have the processor before this worker and its children."""
    import_module("receipts.processing.courtesy").lower_session()


@celeryd_init.connect
def be_patient(conf: object, **_: object) -> None:
    """Let the worker wait longer for its broker than those who publish may."""
    # It must exceed the one second that the worker blocks in a pop.
    app.conf.broker_transport_options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
    }


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Be a receiver, which keeps Celery from configuring logging itself."""
