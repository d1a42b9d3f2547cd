"""Alerts in the sweep: a thread of its own, so that no drain waits for a receiver."""

import time

import structlog
from django.db import Error, connection

from receipts.alerts import certificates, hosts
from receipts.alerts.away import Away
from receipts.alerts.turn import EVERY_S, take_turn
from receipts.background import Background
from receipts.database import within

log = structlog.get_logger(__name__)
_PATIENCE_S = 20.0  # with the database, for judging; a frozen one is away


def step(away: Away) -> None:
    """Note this host, judge, tell; outlive a database that is away."""
    try:
        with within(_PATIENCE_S):
            hosts.note()
            away.is_back()
        certificates.look()
        take_turn()
    except Error as exc:
        connection.close()
        away.is_away(str(exc))


def _run_for_ever() -> None:
    away = Away()
    while True:
        try:
            step(away)
        except Exception:  # a bug in one turn must not end all turns
            log.exception("alerts_turn_failed")
        time.sleep(EVERY_S)


watching = Background("alerts", _run_for_ever)
