"""The wake-up of those who make exports; it may be lost, beat sends one a minute."""

import structlog
from celery import current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

EXPORT_TASK = "receipts.make_exports"


def wake() -> None:
    """Ask for exports to be made soon."""
    try:
        current_app.send_task(EXPORT_TASK, retry=False, ignore_result=True)
    except (KombuError, RedisError, OSError) as exc:
        log.warning("exports_not_woken", reason=str(exc)[:200])
