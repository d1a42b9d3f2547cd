"""The clock of scheduled tasks: any number of hosts may run one, and one is at work.

Which one is told by a lock that PostgreSQL keeps for as long as a connection lives. So
a clock that dies, freezes for good or loses the database is followed by another.
"""

import structlog
from celery.beat import PersistentScheduler
from django.db import Error, connection

from receipts.database import within

log = structlog.get_logger(__name__)

_LOCK = 0x62656174  # any number that is ours
_LOOK_EVERY_S = 5
_PATIENCE_S = 3.0


class OneAtATime(PersistentScheduler):
    """Celery's own scheduler, which sends nothing while another one is at work."""

    # Until the next look, at most: a clock that lost its lock must notice.
    max_interval = _LOOK_EVERY_S
    holder: object = None  # the connection that has the lock

    def tick(self) -> float:  # type: ignore[override]  # theirs takes more, for tests
        """Send what is due; return for how many seconds there is nothing to do."""
        return float(super().tick()) if self.is_at_work() else _LOOK_EVERY_S

    def is_at_work(self) -> bool:
        """Say whether this is the one, and become it if there is none."""
        try:
            with within(_PATIENCE_S), connection.cursor() as cursor:
                if self.holder is not connection.connection:
                    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
                    if not cursor.fetchone()[0]:
                        return False
                    self.holder = connection.connection
                    log.info("beat_at_work")
                else:
                    cursor.execute("SELECT 1")
        except Error as exc:
            log.warning("database_away", reason=str(exc).strip()[:200])
            connection.close()
            return False
        return True
