"""What is told of each batch that was read: counts, and a line on request."""

from collections import Counter
from datetime import datetime

import structlog
from django.conf import settings
from django.utils import timezone

from receipts import metering
from receipts.metering.catalogue import LAG, QUARANTINED, READ, RECEIPTS, REPEATS
from receipts.processing.claiming import Claim
from receipts.processing.directory import directory
from receipts.processing.reading import Reading

# The logger of the door's line for each callback: see portal/logs.py.
log = structlog.get_logger("receipts.callbacks")


def was_read(claimed: Claim, reading: Reading) -> None:
    """Count a batch that is committed, and name its callbacks in the log."""
    now = timezone.now()
    metering.add(READ, settings.PROCESS, amount=len(reading.outcomes))
    metering.observe(LAG, _age_of_oldest(claimed, now))
    _count(reading)
    log.info(
        "callbacks_read",
        callbacks=[str(callback.id) for callback in claimed.callbacks],
        new=sum(outcome.new for outcome in reading.outcomes),
        duplicates=sum(outcome.duplicates for outcome in reading.outcomes),
        quarantined=len(reading.set_aside),
    )


def _age_of_oldest(claimed: Claim, now: datetime) -> float:
    oldest = min((each.received_at for each in claimed.callbacks), default=now)
    return max(0.0, (now - oldest).total_seconds())


def _count(reading: Reading) -> None:
    places = directory().places
    keys = {pk: place.key for pk, place in places.items()}
    new: Counter[tuple[int, str, str]] = Counter()
    repeats: Counter[int] = Counter()
    for fact in reading.facts:
        if fact.is_new:
            event = fact.event
            new[fact.channel_id, str(event.kind), str(event.status or "")] += 1
        else:
            repeats[fact.channel_id] += 1
    for (channel, kind, status), n in new.items():
        metering.add(RECEIPTS, keys.get(channel, ""), kind, status, amount=n)
    for channel, n in repeats.items():
        metering.add(REPEATS, keys.get(channel, ""), amount=n)
    for channel, n in Counter(each.channel_id for each in reading.set_aside).items():
        metering.add(QUARANTINED, keys.get(channel, ""), amount=n)
