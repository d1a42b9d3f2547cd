"""What is told of each push that was taken or refused: counts, and a line on request.

The line joins the caller's request id to the callback's own id, which the drain names
again: so one push can be followed through all processes.
"""

import logging
import re
import time
from collections.abc import Mapping

import structlog
from django.conf import settings

from channels_cfg import registry
from channels_cfg.services.routes import Route
from receipts import metering
from receipts.deliveries import Delivery
from receipts.intake.acks import acks
from receipts.metering.catalogue import ACCEPTED, ACK, OVER, REFUSED

PERCENTS = (50, 80, 100)  # of the provider's limit

log = structlog.get_logger("receipts.callbacks")
_lines = logging.getLogger("receipts.callbacks")
_REQUEST_ID = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
# Milliseconds since 1970 (our edge), or seconds with a fraction (nginx: $msec).
_START = re.compile(r"\d{1,13}(\.\d{1,6})?", re.ASCII)
_LONGEST_S = 600.0  # what claims more began on another clock


def request_id_of(headers: Mapping[str, str]) -> str:
    """Return what the caller or the edge called this request; '' if nothing usable."""
    told = headers.get("x-request-id", "")
    return told if _REQUEST_ID.fullmatch(told) else ""


def seconds_since(headers: Mapping[str, str], started: float) -> float:
    """Return how long the caller waits: since the edge saw the request, if it says.

    ``started`` is of ``time.perf_counter``. A body that came slowly, a door that was
    started anew and a line before the door are in the edge's time only.
    """
    ours = time.perf_counter() - started
    told = _START.fullmatch(headers.get("x-request-start", ""))
    if told is None or not settings.BEHIND_EDGE:
        return ours
    began = float(told[0]) if told[1] else int(told[0]) / 1000
    theirs = time.time() - began
    return max(ours, theirs) if theirs < _LONGEST_S else ours


def accepted(
    route: Route, delivery: Delivery, *, kept: str, seconds: float, request_id: str
) -> None:
    """Count a push that was kept; ``kept`` says where."""
    channel = route.channel_key
    metering.add(ACCEPTED, channel, kept)
    metering.observe(ACK, seconds, channel)
    limit_s = registry.adapter(route.provider).limits.ack_limit.total_seconds()
    over = [percent for percent in PERCENTS if seconds * 100 > limit_s * percent]
    for percent in over:
        metering.add(OVER, channel, str(percent))
    acks.took(route.channel_id, seconds * 1000, len(over))
    if not _lines.isEnabledFor(logging.INFO):
        return  # structlog takes ten times as long to find that out
    log.info(
        "callback_kept",
        request_id=request_id or str(delivery.id),
        callback=str(delivery.id),
        channel=channel,
        bytes=len(delivery.body),
        kept=kept,
        ack_ms=round(seconds * 1000, 1),
    )


def refused(route: Route | None, reason: str) -> None:
    """Count a push that was not taken."""
    metering.add(REFUSED, route.channel_key if route else "", reason)
