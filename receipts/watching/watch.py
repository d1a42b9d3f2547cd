"""Asks our own door whether it answers, as an outsider would, over the edge.

Runs as a thread of the sweep, which every host has. Each answer is a sign of life; a
time without any is a gap in the intake.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import requests
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from receipts import metering
from receipts.background import Background
from receipts.database import within
from receipts.metering.catalogue import INTAKE_UP
from receipts.watching.edge import turned_away
from receipts.watching.record import Record, Span
from receipts.watching.windows import Window

log = structlog.get_logger(__name__)

EVERY_S = 2.0
# Longer without a sign of life is a gap. The sweep itself may be started anew in less,
# and what the edge cannot pass on it tries again for 5 s.
GAP_AFTER = timedelta(seconds=8)
_HAND_OVER_EVERY_S = 10.0
_PATIENCE_S = 3.0  # a frozen database alone takes the door one second
_NAME = "receipt-portal-watch"  # our edge writes no line for it


class Watch:
    """Signs of life of the door at ``url``, noted in ``record``."""

    def __init__(
        self,
        url: str,
        record: Record,
        *,
        edge_log: Path | None = None,
        gap_after: timedelta = GAP_AFTER,
        now: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._url, self._record, self._edge_log = url, record, edge_log
        self._gap_after, self._now = gap_after, now
        self._why = ""  # what the door said last, if it was no sign of life
        self._session = requests.Session()
        # Neither proxies nor .netrc: it is our own door.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = _NAME

    def look(self) -> bool:
        """Ask once and note what came; say whether it was a sign of life."""
        why = self._ask()
        metering.level(INTAKE_UP, float(not why))
        if why:
            if not self._why:
                log.error("intake_does_not_answer", reason=why)
            self._why = why
            return False
        self._note(self._now())
        self._why = ""
        return True

    def save(self) -> None:
        """Write the record down; a disk that does not take it is in the log."""
        try:
            self._record.save()
        except OSError as exc:
            log.warning("intake_record_not_kept", reason=str(exc))

    def hand_over(self) -> None:
        """Write the record to the table, if the database is there."""
        try:
            with within(_PATIENCE_S):
                self._record.hand_over()
        except DatabaseError as exc:
            log.debug("intake_record_waits", reason=str(exc)[:200])
        connection.close()

    def _note(self, now: datetime) -> None:
        last = self._record.last
        if last is not None and now - last.ended_at <= self._gap_after:
            last.ended_at = max(last.ended_at, now)
            return
        span = Span(started_at=now, ended_at=now, why_before=self._why[:200])
        if last is not None:
            span.turned_away = self._turned_away(Window(last.ended_at, now))
            log.error(
                "intake_gap",
                since=last.ended_at.isoformat(),
                seconds=round((now - last.ended_at).total_seconds()),
                reason=self._why or "nobody looked",
                turned_away=span.turned_away,
            )
        self._record.begin(span)

    def _turned_away(self, gap: Window) -> int | None:
        return turned_away(self._edge_log, gap) if self._edge_log else None

    def _ask(self) -> str:
        """Return '' if the door keeps what is pushed, else why not."""
        try:
            answer = self._session.get(
                self._url, timeout=_PATIENCE_S, allow_redirects=False
            )
        except requests.RequestException as exc:
            return type(exc).__name__
        if answer.status_code == requests.codes.ok:
            return ""
        return f"answered {answer.status_code}"


def _watch_for_ever() -> None:
    record = Record(Path(settings.INTAKE_RECORD))
    watch = Watch(settings.INTAKE_URL, record, edge_log=Path(settings.EDGE_LOG))
    handed_over_at = float("-inf")
    while True:
        watch.look()
        watch.save()
        if time.monotonic() - handed_over_at > _HAND_OVER_EVERY_S:
            watch.hand_over()
            handed_over_at = time.monotonic()
        time.sleep(EVERY_S)


door_watch = Background("watch", _watch_for_ever)
